import { systemClock } from '@scholar/runtime/clock';
import { inTransaction } from '@scholar/runtime/db';
import type { ServiceHarness } from '@scholar/runtime/testing';
import { service as pageMaker } from '../../services/auto_page_maker/src/service.ts';
import { service as register } from '../../services/provider_register/src/service.ts';
import { createKeyEncryption } from '../../services/scholar_auth/src/keys/key-encryption.ts';
import { createSigningKeys } from '../../services/scholar_auth/src/keys/signing-keys.ts';
import { service as auth } from '../../services/scholar_auth/src/service.ts';
import { createAccessTokens } from '../../services/scholar_auth/src/tokens/access-tokens.ts';
import { service as agent } from '../../services/scholarship_agent/src/service.ts';
import { service as api } from '../../services/scholarship_api/src/service.ts';
import { service as sage } from '../../services/scholarship_sage/src/service.ts';
import { service as pilot } from '../../services/student_pilot/src/service.ts';
import { type Minter, OPERATIONS_KEY } from './principals.ts';
import { startWithRoutes } from './routes-of.ts';

const KEY_ENCRYPTION_KEY = 'key-encryption-key-of-the-tests-0123456789';

export type Subject = { harness: ServiceHarness; routes: string[]; minter: Minter; inBrowser: boolean };

/** scholar_auth believes only tokens that its own keys have signed. */
async function startAuth(): Promise<Subject> {
  const started = await startWithRoutes(auth, {
    env: {
      ...{ ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1', KEY_ENCRYPTION_KEY },
      EMAIL_HASH_KEY: 'email-hash-key-of-the-tests-0123456789',
      A8_OPERATIONS_KEY: OPERATIONS_KEY,
      ...{ MAILBOX: 'true', PUBLIC_URL: 'http://127.0.0.1:1' },
    },
  });
  const { pool } = started.harness;
  const encryption = createKeyEncryption(KEY_ENCRYPTION_KEY);
  const keys = createSigningKeys({
    ...{ pool, clock: systemClock, encryption: () => encryption },
    withTransaction: (work) => inTransaction(pool, work),
  });
  const tokens = createAccessTokens({ keys, clock: systemClock, ttlMs: 600_000 });
  const issue = async (claims: Parameters<typeof tokens.issue>[0]) =>
    (await tokens.issue(claims)).access_token;
  const minter: Minter = {
    userToken: ({ subject, roles }) => issue({ subject, roles, kind: 'user', emailVerified: true }),
    serviceToken: (label) => issue({ subject: label, roles: ['service'], kind: 'service', label }),
  };
  return { ...started, minter, inBrowser: false };
}

async function startOther(
  start: ReturnType<typeof startWithRoutes>,
  { inBrowser = false } = {},
): Promise<Subject> {
  const started = await start;
  return { ...started, minter: started.harness.identity, inBrowser };
}

const env = { SAMPLE_DATA: 'false', CATALOGUE_REFRESH: '1h' };

/** How each of A1–A7 is started, with a list of its routes. */
export const START = {
  scholar_auth: startAuth,
  scholarship_api: () =>
    startOther(startWithRoutes(api, { env: { ...env, STRIPE_SECRET_KEY: 'sk_test_1' } })),
  scholarship_agent: () => startOther(startWithRoutes(agent, { env })),
  scholarship_sage: () => startOther(startWithRoutes(sage, { env })),
  student_pilot: () => startOther(startWithRoutes(pilot, { env }), { inBrowser: true }),
  provider_register: () => startOther(startWithRoutes(register, { env }), { inBrowser: true }),
  auto_page_maker: () => startOther(startWithRoutes(pageMaker, { env })),
};
