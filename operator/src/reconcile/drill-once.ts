import type { Clock } from '@scholar/runtime/clock';
import { drillTarget, forwarderProgram } from '../drill/drill-target.ts';
import type { ForwarderProgram } from '../drill/forwarder-process.ts';
import type { DrillOnce } from './drills.ts';
import type { LookDeps } from './look.ts';

/** @returns a drill over a target of its own: that of the pass is closed long before a drill ends. */
export function drillOnceOver(
  openTarget: LookDeps['openTarget'],
  clock: Clock,
  program: () => ForwarderProgram = forwarderProgram,
): DrillOnce {
  return async (wanted, signal) => {
    const target = await openTarget(wanted);
    try {
      const { label, events } = wanted.drill;
      return await drillTarget({ target, clock, program: program() }, { label, events, signal });
    } finally {
      await target.close();
    }
  };
}
