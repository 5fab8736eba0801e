import { type Comparison, isLoss } from './compare.ts';
import { brokenThresholds, metricValue, type Summary } from './summary.ts';

/** Everything that a run has shown. */
export interface Outcome {
  profile: string;
  /** Who played it. */
  engine: string;
  /** Exit code of the engine: 0, or 99 where a threshold failed. */
  code: number;
  summary: Summary;
  /** undefined: there was no database to ask. */
  comparison: Comparison | undefined;
  /** How often A8 was killed meanwhile. */
  kills: number;
}

/** What the line with an outcome as JSON begins with. */
export const OUTCOME_LINE = 'outcome: ';

export function isPassed({ code, summary, comparison }: Outcome): boolean {
  return (
    code === 0 && brokenThresholds(summary).length === 0 && (comparison === undefined || !isLoss(comparison))
  );
}

/** One line for people and for a log; the engine is named, since figures of two engines are not the same. Pure. */
export function verdictLine(outcome: Outcome): string {
  const { profile, engine, summary, comparison, kills } = outcome;
  const write = (of: string): string => metricValue(summary, 'http_req_duration{op:write}', of).toFixed(1);
  const count = (metric: string): number => metricValue(summary, metric, 'count');
  const lost = comparison === undefined ? count('lost_events') : comparison.missing.length;
  const of = comparison === undefined ? 'asked for one by one' : `compared with ${comparison.rows} rows`;
  return [
    `load ${profile}: ${isPassed(outcome) ? 'PASS' : 'FAIL'} by ${engine}`,
    `P95 of a write ${write('p(95)')} ms, P99 ${write('p(99)')} ms`,
    `${count('acknowledged_events')} acknowledged, ${lost} lost (${of})`,
    `${(metricValue(summary, 'http_req_failed{op:write}', 'rate') * 100).toFixed(2)} % failed, ${count('dropped_iterations')} dropped`,
    ...(kills > 0 ? [`A8 killed ${kills} times`] : []),
  ].join('; ');
}
