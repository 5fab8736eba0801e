import { AsyncLocalStorage } from 'node:async_hooks';
import type { Checks } from './checks.ts';
import type { Metrics, Tags } from './metrics/registry.ts';

/** What is the same for everybody in a run. */
export interface Run {
  readonly metrics: Metrics;
  readonly checks: Checks;
  readonly shared: Map<string, readonly unknown[]>;
  readonly userAgent: string | undefined;
  readonly discardResponseBodies: boolean;
  /** performance.now() of the first iteration. */
  startedMs: number;
  completed: number;
  interrupted: number;
  activeVus: number;
  initializedVus: number;
  /** Ends the run early; `reason` of the script. */
  abort: (reason: string) => void;
}

/** Where a piece of the script runs. */
export interface Place {
  readonly run: Run;
  readonly vu: { id: number; iteration: number; iterationInScenario: number; tags: Record<string, string> };
  readonly scenario:
    | { name: string; executor: string; startedMs: number; durationMs: number; iterationInTest: number }
    | undefined;
  /** Of the script, of the scenario and of this iteration. */
  readonly tags: Tags;
  readonly group: string;
  /** Sleeps that nobody awaited: an iteration ends only when they have. */
  readonly pending: Set<Promise<unknown>>;
}

const places = new AsyncLocalStorage<Place>();
let loading: Run | undefined;

/** Runs one piece of a script at its place. */
export function at<T>(place: Place, what: () => T): T {
  return places.run(place, what);
}

/** @throws Error in the init stage, in which k6 has no VU either */
export function here(what: string): Place {
  const place = places.getStore();
  if (place === undefined) throw new Error(`${what} cannot be used while the script is being loaded`);
  return place;
}

/** Loads a script: in the meantime its metrics and arrays may be declared. One at a time. */
export async function whileLoading<T>(run: Run, load: () => Promise<T>): Promise<T> {
  loading = run;
  try {
    return await load();
  } finally {
    loading = undefined;
  }
}

/** @throws Error once the script is loaded: k6 allows it in the init stage only */
export function initOnly(what: string): Run {
  if (loading === undefined)
    throw new Error(`${what} belongs to the top of the script, outside of every function`);
  return loading;
}
