import type { DrillSummary } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { CouldNotLook } from '../could-not-look.ts';
import { type DrillResult, summaryOf } from '../drill/judge-drill.ts';
import { nextDrillMs } from '../drill/schedule.ts';
import type { WantedDrill, WantedTarget } from './wanted-target.ts';

/** One drill from beginning to end. @throws CouldNotLook when it could not be tried. */
export type DrillOnce = (
  wanted: WantedTarget & { drill: WantedDrill },
  signal: AbortSignal,
) => Promise<DrillResult>;

/** Drills beside the passes: canaries and repairs do not wait for one. */
export interface Drills {
  /** Of this table, since this process leads. */
  last: (key: string) => DrillSummary | undefined;
  /**
   * Begins a drill where one is due and none is under way; it goes on in the background until it ends or the signal aborts.
   * @param lastAt ISO 8601, of the last drill in the status.
   */
  consider: (
    key: string,
    about: { wanted: WantedTarget; lastAt: string | undefined; signal: AbortSignal },
  ) => void;
  forget: (key: string) => void;
  /** Resolves when none is under way. */
  settled: () => Promise<void>;
}

/** A drill that could not be tried is tried again after so long, or after its period where that is shorter. */
const AGAIN_MS = 10 * 60_000;

export function createDrills(deps: { drillOnce: DrillOnce; clock: Clock; log: Logger }): Drills {
  const { drillOnce, clock, log } = deps;
  const last = new Map<string, DrillSummary>();
  const failedMs = new Map<string, number>();
  // One for all tables: each is a process and a disk of its own.
  let underWay: Promise<void> | undefined;

  async function run(key: string, wanted: WantedTarget & { drill: WantedDrill }, signal: AbortSignal) {
    try {
      const done = await drillOnce(wanted, signal);
      last.set(key, summaryOf(done));
      failedMs.delete(key);
      const { label: app, ok, queued, rows, recovery_ms, reasons } = done;
      log[ok ? 'info' : 'warn'](
        { object: key, app, ok, queued, rows, recovery_ms, reasons },
        'a drill ended',
      );
    } catch (err) {
      if (signal.aborted) return;
      failedMs.set(key, clock.now());
      const why = err instanceof CouldNotLook ? { why: err.message } : { err };
      log.warn({ object: key, ...why }, 'a drill could not be tried');
    } finally {
      underWay = undefined;
    }
  }

  return {
    last: (key) => last.get(key),
    consider: (key, { wanted, lastAt, signal }) => {
      const { drill } = wanted;
      if (drill === undefined || underWay !== undefined || signal.aborted) return;
      const nowMs = clock.now();
      const failed = failedMs.get(key);
      if (failed !== undefined && nowMs - failed < Math.min(AGAIN_MS, drill.everyMs)) return;
      const lastMs = Date.parse(last.get(key)?.at ?? lastAt ?? '');
      if (nextDrillMs(drill, { lastMs: Number.isNaN(lastMs) ? undefined : lastMs, nowMs }) > 0) return;
      underWay = run(key, { ...wanted, drill }, signal);
    },
    forget: (key) => {
      last.delete(key);
      failedMs.delete(key);
    },
    settled: async () => underWay,
  };
}
