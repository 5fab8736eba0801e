import { APPS, type AppLabel } from '@scholar/contract';
import { counterSum } from '@scholar/operator/gather/counters';

/** A8's histogram of writes at one moment. */
export interface HubSample {
  atMs: number;
  count: number;
  /** Writes that took at most so many seconds; rising. */
  buckets: readonly { edge: number; count: number }[];
}

/** What forwarders tell at one moment, and whether A8 answers. */
export interface QueueSample {
  atMs: number;
  hubAnswers: boolean;
  /** Counted since each one's start; `waiting` is now. Only forwarders that answered. */
  apps: Partial<Record<AppLabel, { appended: number; delivered: number; waiting: number; retries: number }>>;
}

const WRITES = 'a8_event_write_seconds';

/** @param page metrics of A8. Pure. */
export function hubSample(page: string, atMs: number): HubSample {
  const edges = new Set(
    [...page.matchAll(/^a8_event_write_seconds_bucket\{[^}]*le="([0-9.]+)"/gmu)].map(([, le = '']) => le),
  );
  return {
    atMs,
    count: counterSum(page, `${WRITES}_count`),
    buckets: [...edges]
      .map((le) => ({ edge: Number(le), count: counterSum(page, `${WRITES}_bucket`, { le }) }))
      .sort((a, b) => a.edge - b.edge),
  };
}

/** Writes between two samples. @throws Error when A8 was started anew in between: its counters then begin at 0. */
export function between(first: HubSample, last: HubSample): HubSample {
  const before = new Map(first.buckets.map(({ edge, count }) => [edge, count]));
  if (last.count < first.count) throw new Error('A8 was started anew between two samples');
  return {
    atMs: last.atMs,
    count: last.count - first.count,
    buckets: last.buckets.map(({ edge, count }) => ({ edge, count: count - (before.get(edge) ?? 0) })),
  };
}

/**
 * Milliseconds below which a share of the writes lies, linear inside its bucket, as `histogram_quantile` of Prometheus has it; the last
 * edge where it lies beyond. undefined without a write. Pure.
 */
export function quantileOfHistogram({ count, buckets }: HubSample, share: number): number | undefined {
  const wanted = count * share;
  if (count === 0) return undefined;
  let below = { edge: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= wanted) {
      const inside = bucket.count - below.count;
      const part = inside === 0 ? 1 : (wanted - below.count) / inside;
      return 1_000 * (below.edge + part * (bucket.edge - below.edge));
    }
    below = bucket;
  }
  return 1_000 * below.edge;
}

/** Share of the writes that an edge of the histogram bounds, exact; undefined without a write or without that edge. Pure. */
export function shareWithin({ count, buckets }: HubSample, seconds: number): number | undefined {
  const bucket = buckets.find(({ edge }) => edge === seconds);
  return bucket === undefined || count === 0 ? undefined : bucket.count / count;
}

/** @param page metrics of a forwarder. Pure. */
export const forwarderSample = (page: string) => ({
  appended: counterSum(page, 'forwarder_appended_total'),
  delivered: counterSum(page, 'forwarder_delivered_total'),
  waiting: counterSum(page, 'forwarder_queue_depth'),
  retries: counterSum(page, 'forwarder_retries_total'),
});

/** "A6 provider_register". */
export const appName = (label: AppLabel): string => `${APPS[label].number} ${label}`;

/** Time in which A8 did not answer: from the first sample without it to the next one that has it for good. Pure. */
export function awayBetween(samples: readonly QueueSample[]): { fromMs: number; toMs: number } | undefined {
  const first = samples.find(({ hubAnswers }) => !hubAnswers);
  const last = samples.findLastIndex(({ hubAnswers }) => !hubAnswers);
  const end = samples[last + 1] ?? samples[last];
  return first === undefined || end === undefined ? undefined : { fromMs: first.atMs, toMs: end.atMs };
}

export type Counted = keyof NonNullable<QueueSample['apps'][AppLabel]>;

/** Sum over the forwarders that told. Pure. */
export const sumOf = ({ apps }: QueueSample, what: Counted): number =>
  Object.values(apps).reduce((sum, app) => sum + app[what], 0);

/** From A8's return until nothing waited any more, ms; undefined where that was not seen. Pure. */
export function drainedAfterMs(samples: readonly QueueSample[]): number | undefined {
  const away = awayBetween(samples);
  const empty = samples.find(
    (sample) => away !== undefined && sample.atMs >= away.toMs && sumOf(sample, 'waiting') === 0,
  );
  return away === undefined || empty === undefined ? undefined : empty.atMs - away.toMs;
}
