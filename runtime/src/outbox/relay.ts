import type pg from 'pg';
import { createLoop, type Loop } from '../background/index.ts';
import { fullJitter } from '../backoff/index.ts';
import { type Clock, systemClock } from '../clock/index.ts';
import { type Connections, isUnavailable, withPatience } from '../db/index.ts';
import type { Emitter } from '../emit/index.ts';
import { type Mention, onceAMinute } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { type BatchResult, runBatch } from './batch.ts';
import type { OUTBOX_METRICS } from './metrics.ts';
import { isAnyDue, makeAllDue, type OutboxStats, stats } from './store.ts';

/**
 * The relay hands over what the outbox holds. It is always in one of these modes, and only `#next` changes them:
 *
 *   idle      nothing was due; it looks again after `intervalMs`, by one small question, or when nudged.
 *   draining  the last batch was full of rows that went out; the next follows at once.
 *   probing   the last batch failed as a whole (forwarder or database down). It waits with full jitter and tries one
 *             row at a time, so that a backlog does not become a storm; a nudge does not shorten the wait. The first
 *             row that goes out leads back to draining.
 *   stopping  what is under way may finish for `stopTimeoutMs`, then it is given up; its rows stay, unlocked.
 *
 * Delivery is at least once, in no strict order: rows carry the time at which things happened, and A8 knows ids.
 */
export type RelayOptions = {
  pool: pg.Pool;
  emitter: Emitter;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  metrics: Metrics<typeof OUTBOX_METRICS>;
  clock?: Clock;
  random?: () => number;
  /** How often it looks without a nudge, ms. Default 1,000. */
  intervalMs?: number;
  batchSize?: number;
  concurrency?: number;
  stopTimeoutMs?: number;
  /** The most that a statement of the relay may take, ms, before its connection is given up. Default 8,000. */
  databaseTimeoutMs?: number;
};

export type Relay = {
  start(): void;
  /** Resolves within `stopTimeoutMs` and a moment, with no row locked. */
  stop(): Promise<void>;
  /** Call after a commit that wrote an event. */
  nudge(): void;
  /** The last known state, at most some seconds old; for `/running` and `/status`. */
  state(): OutboxStats & { failing: string | undefined };
};

const PAUSE_BASE_MS = 200;
const PAUSE_CAP_MS = 5_000;
const STATS_EVERY_MS = 5_000;

export function createRelay(options: RelayOptions): Relay {
  return new OutboxRelay(options);
}

class OutboxRelay implements Relay {
  readonly #options: Required<RelayOptions>;
  readonly #database: Connections;
  readonly #loop: Loop;
  readonly #mention: Mention;
  readonly #giveUp = new AbortController();
  #failures = 0;
  #failing: string | undefined;
  #fresh = true;
  /** Nothing was due the last time, and nobody has said since that something is. */
  #idle = false;
  #stats: OutboxStats = { waiting: 0, parked: 0, oldest_s: 0 };
  #statsAt = Number.NEGATIVE_INFINITY;

  constructor(options: RelayOptions) {
    this.#options = {
      clock: systemClock,
      random: Math.random,
      intervalMs: 1_000,
      batchSize: 100,
      concurrency: 16,
      stopTimeoutMs: 3_000,
      databaseTimeoutMs: 8_000,
      ...options,
    };
    this.#database = withPatience(options.pool, this.#options.databaseTimeoutMs);
    const { log, clock } = this.#options;
    this.#mention = onceAMinute(
      (fields, message) => log.warn(fields, message),
      () => clock.monotonic(),
    );
    this.#loop = createLoop({ pass: () => this.#next(), clock });
    options.metrics.collect(() => this.#refresh());
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    const { clock, stopTimeoutMs } = this.#options;
    const ended = new AbortController();
    // The bound sleeps on the clock; a loop that ends first ends the sleep.
    const bound = clock.sleep(stopTimeoutMs, ended.signal).then(() => this.#giveUp.abort());
    await this.#loop.stop();
    ended.abort();
    await bound;
  }

  nudge(): void {
    this.#idle = false;
    if (this.#failures === 0) this.#loop.wake();
  }

  state(): OutboxStats & { failing: string | undefined } {
    return { ...this.#stats, failing: this.#failing };
  }

  /** Runs one batch and says how long to wait before the next, ms. */
  async #next(): Promise<number> {
    const { emitter, random, concurrency, batchSize, intervalMs } = this.#options;
    const pool = this.#database;
    const limit = this.#failures > 0 ? 1 : batchSize;
    try {
      if (this.#fresh) await makeAllDue(pool);
      this.#fresh = false;
      if (this.#idle && !(await isAnyDue(pool))) {
        await this.#refreshOften();
        return intervalMs;
      }
      const signal = this.#giveUp.signal;
      const result = await runBatch({ pool, emitter, limit, concurrency, random, signal });
      this.#count(result);
      this.#idle = result.taken === 0;
      await this.#refreshOften();
      if (result.sent === 0 && result.unavailable > 0)
        return this.#failed(result.reason ?? '', result.retryAfterMs);
      if (result.taken > 0) await this.#recovered();
      return result.taken === limit ? 0 : intervalMs;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#failed(isUnavailable(error) ? `the database is not available (${reason})` : reason);
    }
  }

  #failed(reason: string, askedMs = 0): number {
    const { random, log } = this.#options;
    // One line when it begins; the metrics tell how it goes on.
    if (this.#failures === 0)
      log.warn({ reason }, 'events cannot be handed over now; they are kept and sent later');
    this.#failing = reason;
    this.#idle = false;
    const jitterMs = fullJitter({
      attempt: this.#failures,
      baseMs: PAUSE_BASE_MS,
      capMs: PAUSE_CAP_MS,
      random,
    });
    this.#failures += 1;
    return Math.max(jitterMs, Math.min(askedMs, PAUSE_CAP_MS), 20);
  }

  async #recovered(): Promise<void> {
    if (this.#failures === 0) return;
    this.#options.log.info({ attempts: this.#failures }, 'events are handed over again');
    this.#failures = 0;
    this.#failing = undefined;
    // What was put off while the receiver was away need not wait for its turn any longer.
    await makeAllDue(this.#database);
  }

  #count(result: BatchResult): void {
    const { metrics } = this.#options;
    metrics.counter('outbox_relay_sent_total').inc(result.sent);
    metrics.counter('outbox_relay_refused_total').inc(result.refused.length);
    metrics.counter('outbox_relay_unavailable_total').inc(result.unavailable);
    if (result.refused.length > 0) this.#statsAt = Number.NEGATIVE_INFINITY;
    for (const { eventId, problem } of result.refused) {
      const { code, pointer } = problem;
      // A release that emits what A8 refuses does so for each event; the rows tell of every one.
      const fields = { event_id: eventId, code, pointer };
      this.#mention(fields, 'an event was refused for good and is parked in the outbox', code);
    }
  }

  async #refreshOften(): Promise<void> {
    if (this.#options.clock.monotonic() - this.#statsAt >= STATS_EVERY_MS) await this.#refresh();
  }

  async #refresh(): Promise<void> {
    const { metrics, clock } = this.#options;
    this.#stats = await stats(this.#database);
    this.#statsAt = clock.monotonic();
    metrics.gauge('outbox_relay_waiting').set(this.#stats.waiting);
    metrics.gauge('outbox_relay_parked').set(this.#stats.parked);
    metrics.gauge('outbox_relay_oldest_seconds').set(this.#stats.oldest_s);
  }
}
