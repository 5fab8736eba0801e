import { loadSettings } from '@scholar/runtime/config';
import { inTransaction } from '@scholar/runtime/db';
import { createHealth } from '@scholar/runtime/health';
import { createApp, HTTP_METRICS, listen } from '@scholar/runtime/http';
import { silentLogger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { authSettings } from '../../settings.ts';
import type { AuthRig } from '../../testing/auth-rig.ts';
import type { PostJson } from '../parties.ts';
import { createPrivacy } from '../privacy.ts';
import { privacySettings } from '../settings.ts';

export type PrivacyRig = {
  url: string;
  post: AuthRig['post'];
  /** One pass over the erasures that are due; how many parties were asked. */
  erase(): Promise<number>;
  findings(): string[];
  stop(): Promise<void>;
};

/** Exports and erasures over the database and the clock of a rig of scholar_auth; the others are what `post` says. */
export async function startPrivacy(
  auth: AuthRig,
  { env, post, ...hub }: { env: Record<string, string>; post: PostJson; key?: string | undefined },
): Promise<PrivacyRig> {
  const cheap = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' };
  const privacy = createPrivacy({
    pool: auth.db.pool,
    clock: auth.clock,
    log: silentLogger(),
    random: Math.random,
    withTransaction: (work) => inTransaction(auth.db.pool, work),
    settings: loadSettings({ ...authSettings, ...privacySettings }, { ...cheap, ...env }).values,
    keys: auth.keys,
    emailHashKey: () => 'email-hash-key-of-the-tests-0123456789',
    post,
    hub: () => ({ url: 'http://a8.example', key: 'operations-key-of-the-tests', ...hub }),
  });
  const app = createApp({
    service: 'Auth',
    log: silentLogger(),
    health: createHealth({ timeoutMs: 1_000 }),
    metrics: createMetrics(HTTP_METRICS),
    routes: privacy.routes,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    async post(path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return {
        status: response.status,
        body: (await response.json()) as Record<string, unknown>,
        headers: response.headers,
      };
    },
    erase: privacy.worker.runOnce,
    findings: privacy.findings,
    stop: () => server.close(),
  };
}
