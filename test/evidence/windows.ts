import { quantile } from '../../load/bench/statistics.ts';
import type { Point } from '../../load/chart/line-chart.ts';
import { between, type HubSample, quantileOfHistogram } from './samples.ts';
import type { LoadSeen } from './seen.ts';

/** Seconds since the first write, and a percentile of each second's writes, ms. Pure. */
export function quantilesOfSeconds(writes: LoadSeen['writes'], share: number): Point[] {
  const startMs = writes[0]?.[0] ?? 0;
  const seconds = Map.groupBy(writes, ([atMs]) => Math.floor((atMs - startMs) / 1_000));
  return [...seconds]
    .sort(([a], [b]) => a - b)
    .map(
      ([second, each]): Point => [
        second + 0.5,
        quantile(
          each.map(([, tookMs]) => tookMs),
          share,
        ),
      ],
    );
}

/** The same by A8's histogram, between each two samples that have a write. @param startMs second 0. Pure. */
export function quantilesOfHub(hub: readonly HubSample[], share: number, startMs: number): Point[] {
  return hub.slice(1).flatMap((sample, index): Point[] => {
    const before = hub[index];
    if (before === undefined) return [];
    const value = quantileOfHistogram(between(before, sample), share);
    const middle = (before.atMs + sample.atMs) / 2 - startMs;
    return value === undefined || middle < 0 ? [] : [[middle / 1_000, value]];
  });
}

/** A8's histogram of the whole load; undefined where it was not seen twice. Pure. */
export function hubOfLoad({ hub }: LoadSeen): HubSample | undefined {
  const [first, last] = [hub[0], hub.at(-1)];
  return first === undefined || last === undefined || first === last ? undefined : between(first, last);
}
