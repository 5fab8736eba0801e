import { isAppLabel, type RepairRecord } from '@scholar/contract';
import { isDrift, judge } from '../audit/audit.ts';
import { appNumber, type Judged } from '../audit/judged.ts';
import { describeRemedy } from '../audit/remedy.ts';
import { type Verification, verify } from '../verify/verify.ts';
import type { VerifyDeps } from '../verify/verify-deps.ts';
import { plan, type Step } from './plan.ts';
import { isSame, repair } from './repair.ts';

export interface FixReport {
  before: Judged[];
  steps: Step[];
  records: RepairRecord[];
  /** Drifts that are still there. */
  left: Judged[];
  /** undefined for a dry run and where nothing was to be done. */
  proof: Verification | undefined;
  ok: boolean;
}

export interface FixOptions {
  dryRun: boolean;
  onStep: (text: string) => void;
}

const PROOF_SAMPLES = 20;

/** Audits, applies every remedy, audits again and proves each repaired app by an event read back from the database. */
export async function fix(deps: VerifyDeps, options: FixOptions): Promise<FixReport> {
  const before = judge(await deps.target.gather());
  const found = before.filter(isDrift);
  if (options.dryRun || found.length === 0) {
    const steps = plan(before);
    return { before, steps, records: [], left: found, proof: undefined, ok: found.length === 0 };
  }
  const { drifts, steps, failures, left } = await repair(deps, before, options.onStep);
  options.onStep('proving the repairs by events read back from the database');
  const proof = await verify(deps, { samples: PROOF_SAMPLES, simulations: false });
  await deps.target.recordVerdicts(proof.table).catch(() => undefined);
  const records = drifts.map((finding) => recordOf(finding, { deps, steps, failures, left, proof }));
  for (const record of records) await deps.target.recordRepair(record).catch(() => undefined);
  return {
    before,
    steps,
    records,
    left,
    proof,
    ok: left.length === 0 && records.every((record) => record.ok),
  };
}

interface RecordContext {
  deps: VerifyDeps;
  steps: Step[];
  failures: Map<Step, string>;
  left: Judged[];
  proof: Verification;
}

function recordOf(finding: Judged, { deps, steps, failures, left, proof }: RecordContext): RepairRecord {
  const mine = steps.filter((step) => step.findings.includes(finding));
  const failure = mine.map((step) => failures.get(step)).find((text) => text !== undefined);
  const still = left.some((other) => isSame(other, finding));
  const row = isAppLabel(finding.label)
    ? proof.table.table.find(({ label }) => label === finding.label)
    : undefined;
  const proven = row === undefined ? !still : row.event.row === true;
  const evidence =
    row?.event.row === true ? { event_id: row.event.event_id ?? '', row_at: row.event.row_at ?? '' } : null;
  return {
    at: new Date(deps.clock.now()).toISOString(),
    target: deps.target.kind,
    finding: { code: finding.code, app: appNumber(finding.label), summary: finding.summary },
    remedy: finding.remedies.map(describeRemedy).join('; ') || (finding.advice ?? 'ended with the others'),
    before: finding.evidence.join('; '),
    after: still ? 'unchanged' : 'no longer found',
    applied: mine.length > 0 && failure === undefined,
    proof: evidence,
    ok: !still && proven,
    detail:
      failure ??
      (still
        ? 'the audit still finds it'
        : proven
          ? 'proven'
          : `gone, yet no event of ${finding.label} was read back`),
  };
}
