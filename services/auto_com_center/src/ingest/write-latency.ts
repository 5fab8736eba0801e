import { APP_LABELS, type AppLabel } from '@scholar/contract';

/** Of the most recent writes: milliseconds, and the share that took at most 150 ms (0 to 1). Null where there are none. */
export type LatencySummary = {
  count: number;
  shareWithinTarget: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
};

/** The brief's P95 write target. */
export const TARGET_MS = 150;

const WINDOW = 4096;
const APP_WINDOW = 512;

/**
 * The last writes of this process with their real durations, so that P95 is exact and not read off buckets.
 * Durations run from the last byte of the event to its receipt.
 */
export class WriteLatency {
  readonly #all = new Ring(WINDOW);
  readonly #apps = new Map<AppLabel, Ring>(APP_LABELS.map((label) => [label, new Ring(APP_WINDOW)]));

  observe(label: AppLabel, milliseconds: number): void {
    this.#all.push(milliseconds);
    this.#apps.get(label)?.push(milliseconds);
  }

  summary(): LatencySummary {
    return summarize(this.#all.sorted());
  }

  ofApp(label: AppLabel): LatencySummary {
    return summarize(this.#apps.get(label)?.sorted() ?? new Float64Array());
  }

  /** Sorted durations of the window, for the graph. */
  sorted(): Float64Array {
    return this.#all.sorted();
  }
}

class Ring {
  readonly #values: Float64Array;
  #written = 0;

  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  push(value: number): void {
    this.#values[this.#written % this.#values.length] = value;
    this.#written += 1;
  }

  sorted(): Float64Array {
    return this.#values.slice(0, Math.min(this.#written, this.#values.length)).sort();
  }
}

function summarize(sorted: Float64Array): LatencySummary {
  const count = sorted.length;
  if (count === 0) return { count, shareWithinTarget: null, p50: null, p95: null, p99: null };
  const within = sorted.filter((value) => value <= TARGET_MS).length;
  return {
    count,
    shareWithinTarget: within / count,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
  };
}

/** Nearest rank: the smallest value with at least `share` of all values at or below it. */
export function percentile(sorted: Float64Array, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
