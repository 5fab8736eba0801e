import { authenticated, requireRole } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import type { SettingsValues } from '@scholar/runtime/config';
import type { Express } from '@scholar/runtime/http';
import type { Logger } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Pool } from 'pg';
import { createHasher, limitsOf } from '../app.ts';
import { createVaultSource } from '../email/vault-source.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { createLoginThrottle } from '../login/throttle.ts';
import type { authSettings } from '../settings.ts';
import { createAccessTokens } from '../tokens/access-tokens.ts';
import { createLocalVerifier } from '../tokens/local-verifier.ts';
import { createErasureWorker } from './erasure-worker.ts';
import { createParties, type PostJson, URL_OF } from './parties.ts';
import { privacyRoutes } from './privacy-routes.ts';
import type { privacySettings } from './settings.ts';

const SELF = { subject: 'scholar_auth', kind: 'service', roles: ['service'], label: 'scholar_auth' } as const;

export type PrivacyDeps = Pick<ServiceDeps, 'withTransaction'> & {
  pool: Pool;
  clock: Clock;
  log: Logger;
  random: () => number;
  settings: SettingsValues<typeof authSettings & typeof privacySettings>;
  emailHashKey: () => string | undefined;
  keys: SigningKeys;
  /** How the others are asked, and where A8 takes erasures. */
  post: PostJson;
  hub: () => { url: string | undefined; key: string | undefined };
};

/** Export and erasure of one person's data across all services. */
export function createPrivacy(deps: PrivacyDeps) {
  const { settings, pool, clock, keys } = deps;
  const accessTokens = createAccessTokens({ keys, clock, ttlMs: settings.ACCESS_TOKEN_TTL });
  const vault = createVaultSource(deps.emailHashKey);
  const parties = createParties({
    ...deps,
    urlOf: (party) => settings[URL_OF[party]]?.replace(/\/$/, ''),
    serviceToken: async () => (await accessTokens.issue(SELF)).access_token,
  });
  const verifier = createLocalVerifier({ keys, clock });
  const worker = createErasureWorker({ ...deps, vault, parties });
  return {
    worker,
    findings: (): string[] => {
      const unset = parties.unset();
      const cannot = unset.length === 0 ? [] : [`${unset.join(', ')}: not set, so nobody can be erased`];
      return [...cannot, ...worker.findings()];
    },
    routes: (app: Express) =>
      privacyRoutes(app, {
        ...deps,
        ...{ vault, parties },
        hasher: createHasher(settings),
        throttle: createLoginThrottle({ pool, clock, limits: limitsOf(settings) }),
        // A canary token alone opens nothing here.
        onlyUsers: [
          authenticated({ verifier, canaryKey: undefined, clock }),
          requireRole('student', 'provider', 'staff'),
        ],
        accessTokenTtlMs: settings.ACCESS_TOKEN_TTL,
      }),
  };
}
