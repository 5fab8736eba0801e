import { randomBytes, randomUUID } from 'node:crypto';
import { findPii, mintCanary, parseEvent } from '@scholar/contract';
import type pg from 'pg';
import { type Clock, systemClock } from '../clock/index.ts';
import { formatProblems, loadSettings, type SettingsShape } from '../config/index.ts';
import type { Emission } from '../emit/index.ts';
import { createLifecycle, type Lifecycle } from '../lifecycle/index.ts';
import { type Logger, silentLogger } from '../log/index.ts';
import type { MetricTable } from '../metrics/index.ts';
import { OUTBOX_MIGRATIONS, stats } from '../outbox/index.ts';
import { type CommonSettings, commonSettings, createService, type ServiceSpec } from '../service/index.ts';
import { createRecordingEmitter, type RecordingEmitter } from './recording-emitter.ts';
import { createTestDatabase } from './test-database.ts';
import { createTestIdentity, type TestIdentity } from './test-identity.ts';
import type { TestServer } from './test-server.ts';
import { waitFor } from './wait-for.ts';

export type HarnessOptions = {
  /** Settings of the service; they win over those of the harness. */
  env?: Record<string, string>;
  server?: TestServer;
  log?: Logger;
  /** The way on which the service reaches its database: gets the address, gives the one to use. Default: straight. */
  databaseBy?: (url: string) => Promise<string>;
  /** Events go to FORWARDER_URL, as in real life, and not to the recording emitter. */
  sends?: boolean;
  /** Of the service, and of the tokens that it is shown; that of this machine unless told. */
  clock?: Clock;
};

export type ServiceHarness = {
  url: string;
  opsUrl: string;
  pool: pg.Pool;
  identity: TestIdentity;
  emitter: RecordingEmitter;
  canaryKey: string;
  /** A valid x-scholar-canary token. */
  canaryToken(canaryId?: string): string;
  /** `fetch` with a path of the service; redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Waits until the outbox is empty and returns everything that left it. Throws when an event breaks the contract. */
  events(): Promise<readonly (Emission & { event: TestEvent })[]>;
  stop(): Promise<void>;
};

/** The body of an event as tests look at it. */
export type TestEvent = {
  event_type: string;
  actor_id: string;
  session_id?: string;
  source: string;
  payload: Record<string, unknown>;
};

/** Runs a service in this process: real HTTP on free ports, a real database, a recording emitter, a local key set. */
export async function createServiceHarness<S extends SettingsShape, M extends MetricTable>(
  spec: ServiceSpec<S, M>,
  options: HarnessOptions = {},
): Promise<ServiceHarness> {
  const { server, clock = systemClock } = options;
  const migrations = [OUTBOX_MIGRATIONS, spec.migrations];
  const database = await createTestDatabase({ migrations, ...(server ? { server } : {}) });
  const identity = await createTestIdentity(clock);
  const canaryKey = randomBytes(32).toString('base64url');
  const databaseUrl = (await options.databaseBy?.(database.url)) ?? database.url;
  const env = { ...harnessEnv({ databaseUrl, identity, canaryKey }), ...options.env };
  const emitter = createRecordingEmitter();
  const { lifecycle, ports } = await start(spec, {
    env,
    emitter: options.sends ? undefined : emitter,
    log: options.log ?? silentLogger(),
    clock,
  });
  const url = `http://127.0.0.1:${ports.public}`;
  return {
    url,
    opsUrl: `http://127.0.0.1:${ports.ops}`,
    pool: database.pool,
    identity,
    emitter,
    canaryKey,
    canaryToken: (canaryId = randomUUID()) =>
      mintCanary(canaryKey, { canaryId, notAfterMs: clock.now() + 60_000 }),
    fetch: (path, init) => fetch(`${url}${path}`, { redirect: 'manual', ...init }),
    async events() {
      const isEmpty = async () => (await stats(database.pool)).waiting === 0;
      await waitFor(isEmpty, { what: 'the emptying of the outbox' });
      return emitter.sent.map(assertContract);
    },
    async stop() {
      await lifecycle.stop('the test is over');
      await identity.close();
      await database.drop();
    },
  };
}

function harnessEnv(parts: {
  databaseUrl: string;
  identity: TestIdentity;
  canaryKey: string;
}): Record<string, string> {
  return {
    DATABASE_URL: parts.databaseUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_HOST: '127.0.0.1',
    OPS_PORT: '0',
    A1_URL: parts.identity.url,
    SERVICE_SECRET: randomBytes(32).toString('base64url'),
    CANARY_KEY: parts.canaryKey,
  };
}

async function start<S extends SettingsShape, M extends MetricTable>(
  spec: ServiceSpec<S, M>,
  given: {
    env: Record<string, string>;
    emitter: RecordingEmitter | undefined;
    log: Logger;
    clock: Clock;
  },
): Promise<{ lifecycle: Lifecycle; ports: { public: number; ops: number } }> {
  const { env, log } = given;
  const shape = { ...commonSettings(spec.label), ...spec.settings } as CommonSettings & S;
  const loaded = loadSettings(shape, env);
  if (loaded.problems.length > 0) throw new Error(formatProblems(loaded.problems));
  const lifecycle = createLifecycle({ log, stopTimeoutMs: 10_000, supervised: false });
  const onTooNew = (error: Error) => log.fatal({ err: error }, error.message);
  const service = createService<S, M>({ spec, loaded, lifecycle, onTooNew, ...given });
  await lifecycle.start();
  if (env['DATABASE_URL']) {
    const hasSchema = async () => (await service.health.ready()).checks['schema']?.ok;
    await waitFor(hasSchema, { what: 'the schema of the service' });
  }
  return { lifecycle, ports: service.ports() };
}

/** What A8 would refuse must not pass in the tests of a service either. */
function assertContract(emission: Emission): Emission & { event: TestEvent } {
  const parsed = parseEvent(emission.event);
  if (!parsed.ok) throw new Error(`the event breaks the contract: ${JSON.stringify(parsed.violation)}`);
  const pii = findPii(parsed.event);
  if (pii) throw new Error(`the event carries personal data: ${JSON.stringify(pii)}`);
  return emission as Emission & { event: TestEvent };
}
