import type { RepairRecord } from '@scholar/contract';
import type { Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import type { Limits } from '../remedy/budget.ts';
import { fix } from '../remedy/fix.ts';
import type { VerifyDeps } from '../verify/verify-deps.ts';
import { verifyTwice } from '../verify/verify-twice.ts';
import { repairOnly } from './narrowed-target.ts';
import type { Proof, RepairDone } from './seen.ts';

export interface AppRepaired {
  /** Newest first, one for each finding. */
  repairs: RepairDone[];
  /** The verification that proved it, of every app; undefined where nothing was to be done any more. */
  proof: Proof | undefined;
  /** What is still wrong with this app. */
  left: Judged[];
}

export interface AppRepair {
  label: ServedLabel;
  holder: string;
  limits: Limits;
  /** Aborted, the repair is taken back. */
  signal: AbortSignal;
  onStep: (text: string) => void;
}

/**
 * Repairs one app and proves it, as `scholar fix` does. It looks again before it changes anything. What is not proven is
 * taken back, and then the proof is a new verification: the first one saw what is no longer there.
 * @throws CouldNotLook when the system could not be looked at; then everything was taken back.
 */
export async function repairApp(deps: VerifyDeps, repair: AppRepair): Promise<AppRepaired> {
  const { label, ...options } = repair;
  const only = { ...deps, target: repairOnly(deps.target, label) };
  const report = await fix(only, { ...options, dryRun: false });
  // Without an attempt nothing was changed: somebody else was faster, and that is no failed repair.
  const tried = report.records.filter(({ attempt }) => attempt !== undefined);
  const repairs = tried.map((record) => repairDone(record, label)).toReversed();
  if (report.proof === undefined) return { repairs, proof: undefined, left: report.left };
  const isTakenBack = report.records.some(({ rolled_back }) => rolled_back === true);
  const { table } = isTakenBack ? await verifyTwice(deps) : report.proof;
  return { repairs, proof: { table, endedMs: deps.clock.now() }, left: report.left };
}

/** Pure: a record as A8 keeps it, as a line of the status. */
export function repairDone(record: RepairRecord, label: ServedLabel): RepairDone {
  const { at, finding, remedy, ok, proof, detail } = record;
  return {
    at,
    app: label,
    finding: finding.code,
    remedy: remedy.slice(0, 1024),
    ok,
    ...(proof === null ? {} : { eventId: proof.event_id }),
    ...(detail === '' ? {} : { detail: detail.slice(0, 1024) }),
  };
}
