import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adviceOn } from './advice.ts';
import { renderReport } from './report.ts';
import { isPassed, type Outcome, verdictLine } from './verdict.ts';

/**
 * Writes report.html beside the summary.json that is in `out` already, says where to look for what broke, and the verdict as one line on
 * stdout. @returns whether the run passed
 */
export function writeReport(outcome: Outcome, out: string): boolean {
  writeFileSync(join(out, 'report.html'), renderReport(outcome, new Date()));
  console.error(`Wrote ${join(out, 'report.html')} and summary.json beside it.`);
  for (const advice of adviceOn(outcome)) console.error(advice);
  console.log(verdictLine(outcome));
  return isPassed(outcome);
}
