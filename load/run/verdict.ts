import { type Comparison, isLoss } from './compare.ts';
import { limitOf } from './limit.ts';
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

/** With which k6 ends when a threshold failed. */
const THRESHOLDS_FAILED = 99;

/** Every bound held and nothing is lost; where a limit was looked for, a bound that broke is the result. */
export function isPassed({ profile, code, summary, comparison }: Outcome): boolean {
  if (comparison !== undefined && isLoss(comparison)) return false;
  const broken = brokenThresholds(summary);
  if (limitOf(profile, summary) === undefined) return code === 0 && broken.length === 0;
  return (code === 0 || code === THRESHOLDS_FAILED) && broken.every(({ metric }) => metric !== 'lost_events');
}

/** One line for people and for a log; the engine is named, since figures of two engines are not the same. Pure. */
export function verdictLine(outcome: Outcome): string {
  const { profile, engine, summary, comparison, kills } = outcome;
  const write = (of: string): string => metricValue(summary, 'http_req_duration{op:write}', of).toFixed(1);
  const count = (metric: string): number => metricValue(summary, metric, 'count');
  const lost = comparison === undefined ? count('lost_events') : comparison.missing.length;
  const limit = limitOf(profile, summary);
  const of = comparison === undefined ? 'asked for one by one' : `compared with ${comparison.rows} rows`;
  return [
    `load ${profile}: ${isPassed(outcome) ? 'PASS' : 'FAIL'} by ${engine}`,
    `P95 of a write ${write('p(95)')} ms, P99 ${write('p(99)')} ms`,
    `${count('acknowledged_events')} acknowledged, ${lost} lost (${of})`,
    `${(metricValue(summary, 'http_req_failed{op:write}', 'rate') * 100).toFixed(2)} % failed, ${count('dropped_iterations')} dropped`,
    ...(limit === undefined ? [] : [limitText(limit, summary)]),
    ...(kills > 0 ? [`A8 killed ${kills} times`] : []),
  ].join('; ');
}

function limitText(limit: number, summary: Summary): string {
  const broken = brokenThresholds(summary).map(({ metric, expression }) => `${metric} ${expression}`);
  return broken.length === 0
    ? `no bound broke up to ${limit} a second`
    : `${broken.join(' and ')} broke at ${limit} a second`;
}
