import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADER, mintCanary } from '@scholar/contract';
import { loadSettings } from '@scholar/runtime/config';
import { inTransaction } from '@scholar/runtime/db';
import { event, eventIdFor } from '@scholar/runtime/emit';
import { createHealth } from '@scholar/runtime/health';
import { createApp, HTTP_METRICS, listen } from '@scholar/runtime/http';
import { silentLogger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { OUTBOX_MIGRATIONS, recordEvent } from '@scholar/runtime/outbox';
import { createTestDatabase, FakeClock, type TestDatabase, tempDir } from '@scholar/runtime/testing';
import { type AuthDeps, createAuth } from '../app.ts';
import { createKeyEncryptionSource } from '../keys/key-encryption.ts';
import type { KeyRotation } from '../keys/key-rotation.ts';
import { createSigningKeys, type SigningKeys } from '../keys/signing-keys.ts';
import { AUTH_METRICS } from '../metrics.ts';
import { authSettings } from '../settings.ts';

export const KEY_ENCRYPTION_KEY = 'key-encryption-key-of-the-tests-0123456789';
export const OPERATIONS_KEY = 'operations-key-of-the-tests-0123456789';
export const CANARY_KEY = 'canary-key-of-the-tests-0123456789';
const LABEL = 'scholar_auth';

export type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

export type AuthRig = {
  url: string;
  db: TestDatabase;
  clock: FakeClock;
  clientsDir: string;
  keys: SigningKeys;
  rotation: KeyRotation;
  /** Changes KEY_ENCRYPTION_KEY while the service runs. */
  setKeyEncryptionKey(key: string | undefined): void;
  /** Changes EMAIL_HASH_KEY while the service runs. */
  setEmailHashKey(key: string | undefined): void;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A service token of an app that is registered on the way. */
  serviceToken(label: string): Promise<string>;
  canary(canaryId: string): string;
  /** Sends the mails that wait. */
  deliverMails(): Promise<number>;
  events(): Promise<{ event_id: string; event: Record<string, unknown> }[]>;
  stop(): Promise<void>;
};

/** scholar_auth over a real database and a real socket; only its clock stands still. */
export async function startAuth(
  env: Record<string, string> = {},
  shared?: { db: TestDatabase; clock?: FakeClock },
): Promise<AuthRig> {
  const db = shared?.db ?? (await createAuthDatabase());
  const clientsDir = await tempDir();
  const clock = shared?.clock ?? new FakeClock(Date.now());
  let emailHashKey: string | undefined = 'email-hash-key-of-the-tests-0123456789';
  const settings = loadSettings(authSettings, {
    ARGON2_MEMORY_KIB: '64',
    ARGON2_PASSES: '1',
    SERVICE_CLIENTS_DIR: clientsDir,
    ...env,
  }).values;
  let keyEncryptionKey: string | undefined = env['KEY_ENCRYPTION_KEY'] ?? KEY_ENCRYPTION_KEY;
  const encryption = createKeyEncryptionSource(() => keyEncryptionKey);
  const { withTransaction, record } = transactions(db, clock);
  const keys = createSigningKeys({ pool: db.pool, withTransaction, clock, encryption });
  const auth = createAuth({
    ...{ withTransaction, record, keys, encryption },
    operationsKey: () => OPERATIONS_KEY,
    pool: db.pool,
    clock,
    log: silentLogger(),
    random: Math.random,
    settings,
    emailHashKey: () => emailHashKey,
    canaryKey: () => CANARY_KEY,
    smtpUrl: () => env['SMTP_URL'],
    environment: env['ENVIRONMENT'] ?? 'staging',
    host: env['HOST'] ?? '127.0.0.1',
    metrics: createMetrics(AUTH_METRICS),
  });
  const health = createHealth({ timeoutMs: 1_000 });
  const metrics = createMetrics(HTTP_METRICS);
  const app = createApp({ service: 'Auth', log: silentLogger(), health, metrics, routes: auth.routes });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;

  const post: AuthRig['post'] = (path, body, headers = {}) => send(`${url}${path}`, body, headers);
  return {
    url,
    db,
    clock,
    clientsDir,
    keys,
    rotation: auth.rotation,
    setKeyEncryptionKey: (key) => {
      keyEncryptionKey = key;
    },
    setEmailHashKey: (key) => {
      emailHashKey = key;
    },
    post,
    async serviceToken(label) {
      const secret = randomBytes(32).toString('base64');
      await registerClient(clientsDir, label, secret);
      const answer = await post('/oauth/token', { grant_type: 'client_credentials' }, basic(label, secret));
      return String(answer.body['access_token']);
    },
    canary: (canaryId) => mintCanary(CANARY_KEY, { canaryId, notAfterMs: clock.now() + 60_000 }),
    deliverMails: () => auth.mail.deliverDue(),
    events: async () => (await db.pool.query('SELECT event_id, event FROM outbox ORDER BY seq')).rows,
    async stop() {
      await server.close();
      if (!shared) await db.drop();
    },
  };
}

export function createAuthDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    migrations: [OUTBOX_MIGRATIONS, new URL('../../migrations/', import.meta.url)],
  });
}

export async function registerClient(dir: string, label: string, secret: string): Promise<void> {
  const sha256 = createHash('sha256').update(secret).digest('hex');
  await writeFile(join(dir, `${label}.json`), JSON.stringify({ sha256 }));
}

export function basic(label: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${label}:${secret}`).toString('base64')}` };
}

export const withCanary = (token: string): Record<string, string> => ({ [HEADER.canary]: token });

async function send(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : {}, headers: response.headers };
}

function transactions(db: TestDatabase, clock: FakeClock): Pick<AuthDeps, 'record' | 'withTransaction'> {
  return {
    withTransaction: (work) => inTransaction(db.pool, work),
    async record(tx, input) {
      const { eventType, canaryToken } = input;
      const id = eventIdFor({
        canary: canaryToken,
        canaryKey: CANARY_KEY,
        label: LABEL,
        eventType,
        nowMs: clock.now(),
      });
      const body = event({
        type: eventType,
        actorId: input.actorId,
        source: input.source,
        payload: input.payload,
        occurredAt: new Date(clock.now()),
        simulated: id.simulated,
      });
      await recordEvent(tx, { eventId: id.eventId, label: LABEL, event: body, canary: id.canary });
      return { eventId: id.eventId };
    },
  };
}
