import type { Probe } from './probe.ts';
import { median } from './statistics.ts';

/** A pass between whose probes the machine changed by more than this is thrown away. */
export const MOST_MOVED = 0.15;
const FEWEST_KEPT = 3;

export type Kept<P> = {
  kept: readonly P[];
  thrownAway: number;
  /** How far the probes of the kept passes moved at most; beyond MOST_MOVED the machine was busy. */
  moved: number;
};

/**
 * Pure. The passes whose probes agree with the median of all probes. Looks at the machine alone, never at a result. Of a busy
 * machine the three steadiest are kept, and `moved` says so.
 */
export function keepSteady<P extends { before: Probe; after: Probe }>(passes: readonly P[]): Kept<P> {
  const probes = passes.flatMap(({ before, after }) => [before, after]);
  const usual = {
    syncP50Ms: median(probes.map(({ syncP50Ms }) => syncP50Ms)),
    workMs: median(probes.map(({ workMs }) => workMs)),
  };
  const off = (value: number, normal: number): number => Math.abs(value / normal - 1);
  const movedOf = ({ before, after }: P): number =>
    Math.max(
      ...[before, after].flatMap((one) => [
        off(one.syncP50Ms, usual.syncP50Ms),
        off(one.workMs, usual.workMs),
      ]),
    );
  const steadiest = passes.toSorted((a, b) => movedOf(a) - movedOf(b));
  const steady = steadiest.filter((pass) => movedOf(pass) <= MOST_MOVED).length;
  const kept = steadiest.slice(0, Math.max(steady, FEWEST_KEPT));
  return { kept, thrownAway: passes.length - kept.length, moved: Math.max(...kept.map(movedOf)) };
}
