import { isAppLabel, type RepairRecord } from '@scholar/contract';
import { isDrift, judge } from '../audit/audit.ts';
import { appNumber, type Judged } from '../audit/judged.ts';
import { describeRemedy } from '../audit/remedy.ts';
import { type Verification, verify } from '../verify/verify.ts';
import type { VerifyDeps } from '../verify/verify-deps.ts';
import { plan, type Step } from './plan.ts';

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

/** How long a repaired system may take until its audit is clear: forwarders re-read keys every five seconds. */
const SETTLE_TIMEOUT_MS = 30_000;

const PROOF_SAMPLES = 20;

/** Audits, applies every remedy, audits again and proves each repaired app by an event read back from the database. */
export async function fix(deps: VerifyDeps, options: FixOptions): Promise<FixReport> {
  const before = judge(await deps.target.gather());
  const drifts = before.filter(isDrift);
  const steps = plan(before);
  if (options.dryRun || drifts.length === 0) {
    return { before, steps, records: [], left: drifts, proof: undefined, ok: drifts.length === 0 };
  }
  const failures = new Map<Step, string>();
  for (const step of steps) await applyStep(deps, step, { options, failures });
  const left = await settle(deps);
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

async function applyStep(
  { target }: VerifyDeps,
  step: Step,
  { options, failures }: { options: FixOptions; failures: Map<Step, string> },
): Promise<void> {
  for (const remedy of step.remedies) {
    options.onStep(describeRemedy(remedy));
    try {
      await target.apply(remedy);
    } catch (cause) {
      failures.set(step, cause instanceof Error ? cause.message : String(cause));
      return;
    }
  }
}

async function settle({ target, clock }: VerifyDeps): Promise<Judged[]> {
  const deadline = clock.monotonic() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const left = judge(await target.gather()).filter(isDrift);
    if (left.length === 0 || clock.monotonic() >= deadline) return left;
    await clock.sleep(500);
  }
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
  const still = left.some(({ code, label }) => code === finding.code && label === finding.label);
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
