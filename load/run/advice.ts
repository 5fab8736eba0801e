import { isLoss } from './compare.ts';
import { brokenThresholds, metricValue } from './summary.ts';
import type { Outcome } from './verdict.ts';

/** What to look at first when a bound of a metric is broken. */
const LOOK_AT: Readonly<Record<string, string>> = {
  'http_req_duration{op:write}':
    'where the time goes: the write latency on the dashboard of A8 beside this figure (both slow: PostgreSQL or its disk; only this one: the network, or a machine that is full)',
  'http_req_failed{op:write}': 'the log of A8, and what the lines with "not acknowledged" say in brackets',
  dropped_iterations:
    'whether writes were slow, too: every virtual user still waited. If they were not, the machine that plays was full',
  lost_events:
    'the ids below, by `scholar audit` and by GET /events/{id} of A8; nothing else matters until they are found',
};

/** One line for each broken bound: what it is, what it was, and where to look. Empty when all held. Pure. */
export function adviceOn({ summary, comparison, code }: Outcome): string[] {
  const broken = brokenThresholds(summary);
  const lines = broken.map(({ metric, expression }) => {
    const stat = /^\s*([a-z]+(?:\([\d.]+\))?)/.exec(expression)?.[1] ?? '';
    const was = Number(metricValue(summary, metric, stat).toFixed(4));
    return `broken: ${metric} ${expression}, it was ${was}. Look at ${LOOK_AT[metric] ?? 'what the script adds to this metric'}.`;
  });
  if (comparison !== undefined && isLoss(comparison))
    lines.push(
      `broken: ${comparison.missing.length} acknowledged events are no rows. Look at ${LOOK_AT['lost_events']}.`,
    );
  if (code !== 0 && lines.length === 0)
    lines.push(`broken: the engine ended with ${code} and no bound is broken. Look at what it said above.`);
  return lines;
}
