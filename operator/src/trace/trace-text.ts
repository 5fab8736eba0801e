import { table } from '../cli/output.ts';
import type { Hop } from './event-hops.ts';
import type { EventTrace } from './judge-event.ts';

/** The hops as a table for people, and where the event is. */
export function traceText(trace: EventTrace): string {
  const { event_id, trace_id, app, state, why, hops, unasked } = trace;
  const head = [
    `event  ${event_id}${app === null ? '' : ` of ${app}`}`,
    ...(trace_id === null ? [] : [`trace  ${trace_id}`]),
    `state  ${state}: ${why}`,
  ];
  const missing = unasked.length === 0 ? [] : [`not asked: ${unasked.join(', ')}`];
  const rows =
    hops.length === 0 ? [] : [table(['hop', 'at', 'clock of', 'from start', 'step', ''], hops.map(cells))];
  return [...head, ...rows, ...missing].join('\n');
}

function cells({ what, at, clock, since_start_ms: start, since_previous_ms: step, note }: Hop): string[] {
  return [what, at ?? 'not kept', clock, ms(start), ms(step), note ?? ''];
}

function ms(value: number | null): string {
  return value === null ? '-' : `${value} ms`;
}
