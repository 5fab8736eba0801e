import { HUB_LABEL } from '@scholar/contract';
import type { PeriodicTask } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import { type Env, type LoadedSettings, secretSource } from '@scholar/runtime/config';
import type { SchemaTooNew } from '@scholar/runtime/db';
import type { Logger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { VERSION } from '@scholar/runtime/running';
import { createTracer } from '@scholar/runtime/tracing';
import { createPools, type Pools } from './database/pools.ts';
import { SchemaKeeper } from './database/schema-keeper.ts';
import { ErasedActors } from './erasure/erased-actors.ts';
import { createErasure } from './erasure/erasure.ts';
import { createExpiry } from './expiry/expiry.ts';
import { createIngest } from './ingest/create-ingest.ts';
import type { HubMetrics } from './ingest/ingest-metrics.ts';
import { WriteLatency } from './ingest/write-latency.ts';
import { KeyDirectory } from './keys/key-directory.ts';
import { METRICS } from './metrics.ts';
import { LiveTails } from './read/live-tails.ts';
import { readTruthTable } from './read/truth-table.ts';
import { VerdictWatch } from './read/verdict-watch.ts';
import type { SETTINGS } from './settings.ts';
import { Sightings } from './sightings/sightings.ts';

export type HubDeps = {
  settings: LoadedSettings<typeof SETTINGS>;
  /** Where CANARY_KEY or CANARY_KEY_FILE is read. */
  env: Env;
  clock: Clock;
  log: Logger;
  /** The schema became too new for this release while it ran: end, with the exit code of the error. */
  onTooNew: (error: SchemaTooNew) => void;
};

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** Everything of A8 that is neither a listener nor a route. Nothing of it runs or connects yet. */
export function createParts(deps: HubDeps) {
  const { settings, env, clock, log } = deps;
  const { values } = settings;
  const metrics = createMetrics(METRICS, { app: HUB_LABEL }, { process: true });
  const tracer = createTracer({
    endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    process: { name: HUB_LABEL, version: VERSION, environment: values.ENVIRONMENT },
    ...{ metrics, log, clock },
  });
  const pools = createPools({ url: values.DATABASE_URL, ingestConnections: values.INGEST_CONNECTIONS, log });
  const keys = new KeyDirectory({
    ...{ dir: values.A8_KEYS_DIR, log, intervalMs: values.A8_KEYS_INTERVAL_MS },
    requestsPerSecond: values.KEY_REQUESTS_PER_SECOND,
  });
  const canaryKey = secretSource({ name: 'CANARY_KEY', env });
  const latency = new WriteLatency();
  const sightings = new Sightings({
    pool: pools.operations,
    intervalMs: 1_000,
    onFault: (err) => log.debug({ err }, 'sightings are kept for the next time'),
  });
  const erasedActors = new ErasedActors({ pool: pools.operations, monotonic: () => clock.monotonic() });
  const ingest = createIngest({
    ...{ pools, sightings, latency, erasedActors, metrics, clock, log, tracer },
    policy: () => ({
      side: 'hub',
      authorize: (token) => keys.ring.authorizeEmit(token, clock.now()),
      legacyAliases: values.A8_LEGACY_ALIASES,
      environment: values.ENVIRONMENT,
      canaryKey: canaryKey.current(),
      now: () => clock.now(),
    }),
    limits: {
      lanes: values.INGEST_CONNECTIONS,
      queueRows: values.QUEUE_EVENTS,
      queueBytes: values.QUEUE_BYTES,
    },
  });
  const truthTable = (target: string | undefined) => readTruthTable(pools.read, target);
  const schema = createSchemaKeeper(deps, pools);
  return {
    ...{ tracer, metrics, pools, keys, canaryKey, latency, sightings, erasedActors, ingest, truthTable },
    schema,
    erasure: createErasure({
      ...{ pool: pools.operations, actors: erasedActors, metrics, clock, log },
      ...{ isReady: () => schema.inPlace, random: Math.random },
    }),
    expiry: expiryOf(deps, { pools, metrics, isReady: () => schema.inPlace }),
    tails: createTails(deps, metrics),
    verdicts: new VerdictWatch({ read: () => truthTable(undefined), clock, intervalMs: 10_000 }),
  };
}

export type Parts = ReturnType<typeof createParts>;

function createSchemaKeeper({ settings, clock, log, onTooNew }: HubDeps, pools: Pools): SchemaKeeper {
  return new SchemaKeeper({
    ...{ clock, log, onTooNew },
    url: settings.values.DATABASE_URL,
    dir: MIGRATIONS,
    pool: pools.read,
    random: Math.random,
    intervalMs: 5_000,
  });
}

function expiryOf(
  { settings, clock, log }: HubDeps,
  parts: { pools: Pools; metrics: HubMetrics; isReady: () => boolean },
): PeriodicTask {
  const { values } = settings;
  return createExpiry({
    ...{ clock, log, metrics: parts.metrics, isReady: parts.isReady, random: Math.random },
    pool: parts.pools.operations,
    retention: {
      simulatedDays: values.SIMULATED_RETENTION_DAYS,
      rejectedDays: values.REJECTED_RETENTION_DAYS,
      verdictDays: values.VERDICT_RETENTION_DAYS,
    },
    intervalMs: values.EXPIRY_INTERVAL_MS,
  });
}

function createTails({ settings, clock }: HubDeps, metrics: HubMetrics): LiveTails {
  return new LiveTails({
    clock,
    pollMs: 500,
    heartbeatMs: 15_000,
    maxTails: settings.values.MAX_LIVE_TAILS,
    onCount: (open) => metrics.gauge('a8_stream_clients').set(open),
  });
}
