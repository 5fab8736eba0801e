import type { AppLabel } from '@scholar/contract';
import type { Check, Judged } from '../judged.ts';
import type { LostEvidence } from '../snapshot.ts';

/** More than this at once is a restored backup, not a deleted row; the first ones stand for the rest. */
const NAMED = 20;

/** Make sure that what was proven once is still there: a row that vanished after its receipt is loss that no canary sees. */
export const evidenceLost: Check = ({ apps, lost }) => apps.flatMap(({ label }) => judge(label, lost ?? []));

function judge(label: AppLabel, all: readonly LostEvidence[]): Judged[] {
  const lost = all.filter((evidence) => evidence.label === label).slice(0, NAMED);
  if (lost.length === 0) return [];
  const summary = `${lost.length} events of ${label} that a truth table proved are in A8's database no more.`;
  const evidence = lost.map(({ event_id, seen_at }) => `${event_id} was read back at ${seen_at}`);
  const remedies = lost.map(({ event_id }) => ({ kind: 'replay' as const, label, eventId: event_id }));
  return [{ code: 'evidence_lost', label, severity: 'critical', summary, evidence, remedies }];
}
