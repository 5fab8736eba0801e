import { isDrift } from '../audit/audit.ts';
import type { Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import { plan } from '../remedy/plan.ts';
import type { Intent } from './seen.ts';

/** When each finding that is still there was first seen, monotonic ms. */
export type FirstSeen = ReadonlyMap<string, number>;

/** A finding must be there for so long, in two looks, before anything is changed for it: a rollout looks like a drift too. */
export const CONFIRM_MS = 10_000;

/** Pure: what was seen before keeps its time, what is gone is forgotten. */
export function firstSeen(before: FirstSeen, findings: readonly Judged[], nowMs: number): FirstSeen {
  return new Map(findings.map((found) => [idOf(found), before.get(idOf(found)) ?? nowMs]));
}

/** Why an app may not be repaired now; undefined where it may. */
export type Refusal = { why: string; exhausted: boolean } | undefined;

/**
 * What is to be done: the first app of the plan that may be repaired, A8 before the forwarders and these before their
 * apps. One app at a time.
 * @param options.refusalOf asked only for apps with a confirmed finding.
 */
export async function intentOf(
  findings: readonly Judged[],
  options: { seen: FirstSeen; nowMs: number; refusalOf: (label: ServedLabel) => Promise<Refusal> },
): Promise<Intent> {
  const { seen, nowMs, refusalOf } = options;
  const repairable = findings.filter((found) => isDrift(found) && found.remedies.length > 0);
  const confirmed = repairable.filter((found) => nowMs - (seen.get(idOf(found)) ?? nowMs) >= CONFIRM_MS);
  let refused: Refusal;
  for (const label of new Set(plan(confirmed).map((step) => step.label))) {
    const refusal = await refusalOf(label);
    if (refusal === undefined) return { kind: 'repair', label };
    refused ??= refusal;
  }
  if (confirmed.length < repairable.length) return { kind: 'confirm' };
  return refused === undefined ? { kind: 'nothing' } : { kind: 'refused', ...refused };
}

function idOf({ code, label }: Judged): string {
  return `${label}/${code}`;
}
