import type { GuardReport } from '../verify/negative/judge-guards.ts';
import type { TruthTableStatus } from './status.ts';

export type LastGuards = NonNullable<TruthTableStatus['guards']>;

const MOST_REASONS = 4;
const LONGEST = 1_024;

/**
 * Pure: a try of A8's guards as the status holds it.
 * @param atMs when it began, Unix ms.
 */
export function lastGuardsOf({ guards, findings }: GuardReport, atMs: number): LastGuards {
  const count = (verdict: string): number => guards.filter((each) => each.verdict === verdict).length;
  return {
    at: new Date(atMs).toISOString(),
    ...{ kept: count('kept'), failed: count('failed'), unknown: count('unknown') },
    guards: guards.map(({ name, verdict, got, event_id, reasons }) => ({
      ...{ name, verdict, got },
      ...(event_id === null ? {} : { eventId: event_id }),
      ...(reasons.length === 0
        ? {}
        : { reasons: reasons.slice(0, MOST_REASONS).map((each) => each.slice(0, LONGEST)) }),
    })),
    ...(findings.length === 0
      ? {}
      : { findings: findings.map(({ code, summary }) => ({ code, summary: summary.slice(0, LONGEST) })) }),
  };
}
