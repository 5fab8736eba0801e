import { isAppLabel, type RepairRecord } from '@scholar/contract';
import { appNumber, type Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import { type Attempt, interruptedAttempt, type LedgerEntry } from '../remedy/budget.ts';
import { REPAIRED_LABELS, type Target } from '../target/target.ts';
import { repairDone } from './repair-app.ts';
import type { Proof, RepairDone } from './seen.ts';

export interface Interrupted {
  /** What a look has found after the repair was interrupted. */
  findings: readonly Judged[];
  /** A verification after that. */
  proof: Proof;
  nowMs: number;
}

/**
 * Ends the repairs that whoever began them did not live to end: what their findings are now, and the rows of a verification, say
 * how. Nothing is changed by it: what was applied and helped stays, what is still wrong is repaired again, within the limits.
 * @returns newest first, one for each finding; none where nobody was interrupted.
 */
export async function finishInterrupted(
  target: Pick<Target, 'kind' | 'ledger' | 'recordRepair'>,
  seen: Interrupted,
): Promise<RepairDone[]> {
  const done: RepairDone[] = [];
  for (const label of REPAIRED_LABELS) {
    const before = await target.ledger.read(label);
    const attempt = interruptedAttempt(before.entry, seen.nowMs);
    if (attempt === undefined) continue;
    const records = recordsOf(label, attempt, { ...seen, target: target.kind, entry: before.entry });
    const ok = records.length > 0 && records.every((record) => record.ok);
    // Somebody else has ended it, or goes on with it.
    if (!(await target.ledger.write(label, ended(before.entry, { ok, nowMs: seen.nowMs }), before))) continue;
    for (const record of records) {
      await target.recordRepair(record).catch(() => undefined);
      done.unshift(repairDone(record, label));
    }
  }
  return done;
}

function ended({ attempts }: LedgerEntry, { ok, nowMs }: { ok: boolean; nowMs: number }): LedgerEntry {
  const last = attempts.length - 1;
  return {
    holder: '',
    until: 0,
    attempts: attempts.map((attempt, index) =>
      index === last ? { ...attempt, at: ok ? attempt.at : nowMs, ok } : attempt,
    ),
  };
}

/** Pure: a record of each finding of an interrupted attempt. */
function recordsOf(
  label: ServedLabel,
  { findings = [] }: Attempt,
  seen: Interrupted & { target: Target['kind']; entry: LedgerEntry },
): RepairRecord[] {
  const row = isAppLabel(label) ? seen.proof.table.table.find((each) => each.label === label) : undefined;
  const isRead = row === undefined ? !isAppLabel(label) : row.event.row === true;
  return findings.map((code) => {
    const still = seen.findings.some((found) => found.label === label && found.code === code);
    const ok = isRead && !still;
    return {
      at: new Date(seen.nowMs).toISOString(),
      target: seen.target,
      finding: { code, app: appNumber(label), summary: `${code} of ${label}, whose repair was interrupted` },
      remedy: 'the repair of somebody who ended before its proof',
      before: '',
      after: still ? 'still found' : 'no longer found',
      applied: true,
      proof:
        ok && row?.event.row === true
          ? { event_id: row.event.event_id ?? '', row_at: row.event.row_at ?? '' }
          : null,
      ok,
      detail: ok
        ? 'proven after the interruption'
        : 'it was interrupted, and what it applied, if anything, has not helped',
      attempt: seen.entry.attempts.length,
      rolled_back: false,
    };
  });
}
