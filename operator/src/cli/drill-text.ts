import { APPS } from '@scholar/contract';
import type { DrillResult, DrillStepName } from '../drill/judge-drill.ts';
import { paint, type Screen, table } from './output.ts';
import { drillOutcome } from './truth-table-text.ts';

const MEANING: Record<DrillStepName, string> = {
  start: 'a forwarder of its own; one event reaches A8',
  block: 'its way to A8 is cut',
  queue: 'events acknowledged after fsync',
  kill: 'kill -9',
  restart: 'every event is still queued',
  fill: 'its disk is filled until it answers 507',
  restore: 'its way to A8 is open again',
  deliver: 'until its queue is empty',
  compare: 'the rows by id, in the database',
};

/** @returns a drill for a terminal: its steps, the outcome, and what went wrong. */
export function drillText(result: DrillResult, screen: Pick<Screen, 'color'>): string {
  const rows = result.steps.map(({ name, at, ms }) => [name, at.slice(11, 23), `${ms} ms`, MEANING[name]]);
  const again = result.redelivered === 0 ? '' : `, ${result.redelivered} handed over twice and stored once`;
  const outcome = `${APPS[result.label].number} ${result.label}: ${drillOutcome(result)}, ${result.refused_full} refused at a full disk${again}`;
  const reasons = result.reasons.map((reason) => `  ${paint(screen, 'bad', 'red')} ${reason}`);
  return [
    table(['step', 'at', 'took', 'what'], rows),
    ...reasons,
    paint(screen, result.ok ? 'good' : 'bad', outcome),
  ].join('\n');
}
