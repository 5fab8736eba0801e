import type { AdmissionPolicy } from '@scholar/contract';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import { type Logger, type Mention, onceAMinute } from '@scholar/runtime/log';
import { RateCap } from '@scholar/runtime/rate-cap';
import type { Tracer } from '@scholar/runtime/tracing';
import type { Pools } from '../database/pools.ts';
import type { ErasedActors } from '../erasure/erased-actors.ts';
import { withErasedRows } from '../erasure/write-erased.ts';
import { RejectionRecorder } from '../rejected/recorder.ts';
import { createInsertRejections } from '../rejected/rejected-table.ts';
import type { Sightings } from '../sightings/sightings.ts';
import { createBatchWriter } from './batch-writer.ts';
import { Batcher } from './batcher.ts';
import { createEventReceiver } from './event-receiver.ts';
import { createWriteRows } from './events-table.ts';
import { type HubMetrics, IngestMetrics } from './ingest-metrics.ts';
import { createTraceArrival } from './trace-arrival.ts';
import type { WriteLatency } from './write-latency.ts';

export type IngestDeps = {
  pools: Pools;
  policy: () => AdmissionPolicy;
  sightings: Sightings;
  latency: WriteLatency;
  tracer: Tracer;
  erasedActors: ErasedActors;
  metrics: HubMetrics;
  clock: Clock;
  log: Logger;
  limits: { lanes: number; queueRows: number; queueBytes: number };
};

/** The way from a request to a row: admit, batch, write, answer; and behind the answer, the record of refusals. */
export function createIngest(deps: IngestDeps) {
  const { pools, policy, sightings, latency, metrics, clock, log } = deps;
  const monotonic = () => clock.monotonic();
  const warn = onceAMinute((facts, message) => log.warn(facts, message), monotonic);
  const batcher = createBatcher(deps, warn);
  const recorder = new RejectionRecorder({
    insert: createInsertRejections(pools.operations),
    cap: new RateCap({ burst: 50, perMinute: 60, maxNames: 1_000 }),
    queueRows: 2_000,
    count: (result, rows) => metrics.counter('a8_rejected_rows_total').labels({ result }).inc(rows),
    onFault: (err) => warn({ err }, 'refusals could not be recorded'),
  });
  const receiveEvent = createEventReceiver({
    policy,
    batcher,
    recorder,
    sightings,
    latency,
    metrics: new IngestMetrics(metrics),
    monotonic,
    trace: createTraceArrival(deps.tracer, clock),
    onDefect: (err) => log.error({ err }, 'a request to store an event failed in a way that it must not'),
    onUnstorable: (facts) => warn(facts, 'PostgreSQL refused an event that the contract let pass'),
  });
  return { receiveEvent, batcher, recorder };
}

function createBatcher(deps: IngestDeps, warn: Mention): Batcher {
  const { pools, metrics, clock, log, limits, erasedActors: actors } = deps;
  const erasedRows = metrics.counter('a8_erased_rows_total').labels({ as: 'late' });
  const monotonic = () => clock.monotonic();
  const failures = metrics.counter('a8_database_failures_total');
  const batchRows = metrics.histogram('a8_batch_rows');
  return new Batcher({
    ...limits,
    writeBatch: createBatchWriter({
      writeRows: withErasedRows(createWriteRows(pools.ingest), {
        ...{ pool: pools.ingest, actors },
        onErased: (rows) => erasedRows.inc(rows),
      }),
      pause: (attempt) => clock.sleep(fullJitter({ attempt, baseMs: 10, capMs: 200, random: Math.random })),
      monotonic,
      onAway: (reason) => {
        failures.inc();
        warn({ reason }, 'the database did not take a batch; its senders were told to retry');
      },
    }),
    maxRows: 256,
    maxBytes: 1024 * 1024,
    besideRows: 64,
    maxHoldMs: 10,
    maxWaitMs: 15_000,
    monotonic,
    onBatch: (rows) => batchRows.observe(rows),
    onFault: (err) => log.error({ err }, 'a batch failed in a way that it must not'),
  });
}
