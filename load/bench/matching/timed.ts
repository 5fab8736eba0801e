import { digits, quantile } from '../statistics.ts';
import type { Timed } from './result.ts';

/** Does the same again and again, after a tenth of it unmeasured. @returns how long each took, ms */
export async function timesOf(runs: number, work: () => unknown): Promise<number[]> {
  for (let warm = 0; warm < runs / 10; warm += 1) await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const fromMs = performance.now();
    await work();
    times.push(performance.now() - fromMs);
  }
  return times;
}

export function summary(name: string, times: readonly number[]): Timed {
  return {
    name,
    runs: times.length,
    p50Ms: digits(quantile(times, 0.5)),
    p95Ms: digits(quantile(times, 0.95)),
    maxMs: digits(Math.max(...times)),
  };
}
