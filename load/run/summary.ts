import { z } from 'zod';

/** What k6 and our runner both give to `handleSummary`, as far as a report needs it. */
export const summarySchema = z.object({
  metrics: z.record(
    z.string(),
    z.object({
      values: z.record(z.string(), z.number()),
      thresholds: z.record(z.string(), z.object({ ok: z.boolean() })).optional(),
    }),
  ),
  state: z.object({ testRunDurationMs: z.number() }),
});

export type Summary = z.output<typeof summarySchema>;

/** 0 where k6 has none: it leaves out metrics without a sample. */
export const metricValue = ({ metrics }: Summary, metric: string, of: string): number =>
  metrics[metric]?.values[of] ?? 0;

export type Broken = { metric: string; expression: string };

export function brokenThresholds({ metrics }: Summary): Broken[] {
  return Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).flatMap(([expression, { ok }]) => (ok ? [] : [{ metric, expression }])),
  );
}
