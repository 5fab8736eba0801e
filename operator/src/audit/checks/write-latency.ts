import type { Check } from '../judged.ts';

/** The brief's bound on the P95 of a write, in milliseconds. */
export const WRITE_P95_BOUND_MS = 150;

/** Make sure that A8 persists within the bound, as measured at A8. */
export const writeLatency: Check = ({ apps, hub }) =>
  apps.flatMap(({ label }) => {
    const p95 = hub.observations?.[label]?.p95WriteMs ?? null;
    if (p95 === null || p95 <= WRITE_P95_BOUND_MS) return [];
    const summary = `Writes of ${label} take ${Math.round(p95)} ms at the 95th percentile; the bound is ${WRITE_P95_BOUND_MS} ms.`;
    const advice = "look at A8's database: its disk, its load, its connections";
    return [
      {
        code: 'write_p95_high',
        label,
        severity: 'major' as const,
        summary,
        evidence: [`p95 ${p95.toFixed(1)} ms`],
        remedies: [],
        advice,
      },
    ];
  });
