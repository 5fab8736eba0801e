import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Metrics } from '@scholar/runtime/metrics';
import { KeyedQueue } from './keyed-queue.ts';
import type { CONTROLLER_METRICS } from './metrics.ts';

/**
 * Brings one object to where it should be, from whatever state it finds; called again and again, never twice at a time
 * for one key. It must end soon after the signal aborts.
 * @returns when to look again even if nothing changes; undefined = not before the next change.
 */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<{ requeueAfterMs: number | undefined }>;

export interface ControllerOptions {
  reconcile: Reconcile;
  /** How many keys are worked on at once. */
  workers: number;
  /** A pass that takes longer is interrupted and counts as failed. */
  passTimeoutMs: number;
  clock: Clock;
  random: () => number;
  log: Logger;
  metrics: Metrics<typeof CONTROLLER_METRICS>;
}

export interface Controller {
  /** Something changed: the key is due at once, also where a failure had put it off. */
  enqueue: (key: string) => void;
  /** The object is gone for good: its failures are forgotten. */
  forget: (key: string) => void;
  /** Works until the signal aborts; keys that come before or after wait. Resolves when every pass has ended. */
  run: (signal: AbortSignal) => Promise<void>;
  waiting: () => number;
}

const RETRY = { baseMs: 1_000, capMs: 300_000 };
/** Even full jitter must not make a failing object the only thing that we do. */
const LEAST_RETRY_MS = 100;

export function createController(options: ControllerOptions): Controller {
  const { reconcile, workers, passTimeoutMs, clock, random, log, metrics } = options;
  const queue = new KeyedQueue();
  const failures = new Map<string, number>();
  let waking = new AbortController();

  function add(key: string, inMs: number): void {
    queue.add(key, clock.monotonic() + inMs);
    waking.abort();
  }

  async function pass(key: string, stopping: AbortSignal): Promise<void> {
    const began = clock.monotonic();
    // Its timer must not outlive the pass, so it is not AbortSignal.timeout.
    const ended = new AbortController();
    const late = new AbortController();
    void clock.sleep(passTimeoutMs, AbortSignal.any([ended.signal, stopping])).then(() => {
      if (!ended.signal.aborted && !stopping.aborted) late.abort();
    });
    const failed = (err: unknown): void => {
      const attempt = failures.get(key) ?? 0;
      failures.set(key, attempt + 1);
      // The first is news, the others say nothing new; the metric counts them all.
      if (attempt === 0) log.warn({ err, object: key }, 'a reconciliation failed and is tried again');
      add(key, LEAST_RETRY_MS + fullJitter({ attempt, random, ...RETRY }));
    };
    try {
      const { requeueAfterMs } = await reconcile(key, AbortSignal.any([stopping, late.signal]));
      if (failures.delete(key)) log.info({ object: key }, 'a reconciliation works again');
      if (requeueAfterMs !== undefined) add(key, requeueAfterMs);
      metrics.counter('operator_passes_total').labels('done').inc();
    } catch (err) {
      // Interrupted because we stop to lead: whoever leads next looks at every object.
      if (stopping.aborted) add(key, 0);
      else
        failed(
          late.signal.aborted ? new Error(`it took longer than ${passTimeoutMs} ms`, { cause: err }) : err,
        );
      metrics
        .counter('operator_passes_total')
        .labels(stopping.aborted ? 'interrupted' : 'failed')
        .inc();
    } finally {
      ended.abort();
      queue.done(key);
      metrics.histogram('operator_pass_seconds').observe((clock.monotonic() - began) / 1_000);
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    const passes = new Set<Promise<void>>();
    while (!signal.aborted) {
      // Made before we look: what is added from here on ends the wait that has not begun.
      waking = new AbortController();
      const now = clock.monotonic();
      while (passes.size < workers) {
        const taken = queue.take(now);
        if (taken === undefined) break;
        metrics.histogram('operator_wait_seconds').observe((now - taken.dueMs) / 1_000);
        const running = pass(taken.key, signal).finally(() => {
          passes.delete(running);
          // Only now: whoever wakes earlier still finds every worker busy.
          waking.abort();
        });
        passes.add(running);
      }
      const nextMs = passes.size < workers ? queue.nextDueMs() : undefined;
      const waitMs = nextMs === undefined ? IDLE_MS : Math.min(IDLE_MS, nextMs - clock.monotonic());
      if (waitMs > 0) await clock.sleep(waitMs, AbortSignal.any([signal, waking.signal]));
    }
    await Promise.all(passes);
  }

  return {
    enqueue: (key) => add(key, 0),
    forget: (key) => {
      failures.delete(key);
    },
    run,
    waiting: () => queue.waiting,
  };
}

/** A timer cannot wait for longer than 24.8 days; an hour is as good. */
const IDLE_MS = 3_600_000;
