import type { AppLabel } from '@scholar/contract';
import type { Check, Judged } from '../judged.ts';
import type { LostEvidence } from '../snapshot.ts';

/** The first ones stand for the rest where a whole table is gone. */
const NAMED = 20;

/** Make sure that what was proven once is still there and unchanged: neither is seen by a canary that comes later. */
export const evidenceLost: Check = ({ apps, lost }) =>
  apps.flatMap(({ label }) => {
    const mine = (lost ?? []).filter((evidence) => evidence.label === label);
    const of = (what: LostEvidence['what']) => mine.filter((each) => each.what === what);
    return [...gone(label, of('gone')), ...changed(label, of('changed'))];
  });

function gone(label: AppLabel, lost: readonly LostEvidence[]): Judged[] {
  if (lost.length === 0) return [];
  const summary = `${lost.length} events of ${label} that a truth table proved are in A8's database no more.`;
  const evidence = lost
    .slice(0, NAMED)
    .map(({ event_id, seen_at }) => `${event_id} was read back at ${seen_at}`);
  const remedies = [{ kind: 'replay' as const, label, eventIds: lost.map(({ event_id }) => event_id) }];
  return [{ code: 'evidence_lost', label, severity: 'critical', summary, evidence, remedies }];
}

/** No remedy of ours writes over a row that somebody changed: it shows what was done. */
function changed(label: AppLabel, lost: readonly LostEvidence[]): Judged[] {
  const [first] = lost;
  if (first === undefined) return [];
  const summary = `${lost.length} rows of ${label} were changed in A8's database after a truth table proved them.`;
  const evidence = lost
    .slice(0, NAMED)
    .map(({ event_id, seen_at }) => `${event_id} held its content at ${seen_at}`);
  const advice = `find out who writes to A8's tables; \`scholar outbox show ${first.event_id} --app ${label}\` has the event as it was: delete the row, and \`scholar fix\` sends it again`;
  return [{ code: 'evidence_changed', label, severity: 'critical', summary, evidence, remedies: [], advice }];
}
