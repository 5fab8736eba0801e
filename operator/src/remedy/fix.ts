import type { RepairRecord } from '@scholar/contract';
import { isDrift } from '../audit/audit.ts';
import type { Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import { type Verification, verify } from '../verify/verify.ts';
import type { VerifyDeps } from '../verify/verify-deps.ts';
import { DEFAULT_LIMITS, type Limits } from './budget.ts';
import { endRepairs, type Undone } from './end-repairs.ts';
import { plan, type Step } from './plan.ts';
import { notProven } from './prove.ts';
import { recordOf } from './record.ts';
import { audited, nothingRepaired, repair } from './repair.ts';

export interface FixReport {
  before: Judged[];
  steps: Step[];
  records: RepairRecord[];
  /** Drifts that are still there. */
  left: Judged[];
  /** Apps whose repair was not proven and was taken back. */
  undone: Map<ServedLabel, Undone>;
  /** undefined for a dry run and where nothing was to be done. */
  proof: Verification | undefined;
  ok: boolean;
}

export interface FixOptions {
  dryRun: boolean;
  onStep: (text: string) => void;
  /** Unique among all that may repair, in words that others can find it by. */
  holder: string;
  limits?: Limits;
  /** Aborted while a repair is open, it is taken back and the reason is thrown. */
  signal?: AbortSignal;
}

const PROOF_SAMPLES = 20;

/**
 * Audits, applies every remedy, audits again and proves each repaired app by an event read back from the database. What
 * is not proven is taken back. Never two repairs of one app at once, and no more than the limits allow.
 */
export async function fix(deps: VerifyDeps, options: FixOptions): Promise<FixReport> {
  const { dryRun, onStep, holder, limits = DEFAULT_LIMITS, signal } = options;
  const before = await audited(deps);
  const found = before.filter(isDrift);
  const undone = new Map<ServedLabel, Undone>();
  if (dryRun || found.length === 0)
    return {
      before,
      steps: plan(before),
      records: [],
      left: found,
      undone,
      proof: undefined,
      ok: found.length === 0,
    };
  const repaired = nothingRepaired();
  let proof: Verification;
  try {
    await repair({ ...deps, holder, limits, signal }, before, { onStep, repaired });
    onStep('proving the repairs by events read back from the database');
    proof = await verify(deps, { samples: PROOF_SAMPLES, simulations: false });
    signal?.throwIfAborted();
  } catch (cause) {
    const why =
      signal?.aborted === true ? 'it was interrupted' : 'the system could not be looked at any more';
    await endRepairs(repaired, () => why, onStep);
    throw cause;
  }
  const ended = await endRepairs(repaired, (label) => notProven(label, repaired, proof), onStep);
  for (const [label, taken] of ended) undone.set(label, taken);
  if (undone.size > 0) repaired.left = (await audited(deps)).filter(isDrift);
  await deps.target.recordVerdicts(proof.table).catch(() => undefined);
  const at = new Date(deps.clock.now()).toISOString();
  const context = { at, target: deps.target.kind, repaired, undone, proof };
  const records = repaired.drifts.map((finding) => recordOf(finding, context));
  for (const record of records) await deps.target.recordRepair(record).catch(() => undefined);
  const { steps, left } = repaired;
  const ok = left.length === 0 && records.every((record) => record.ok);
  return { before, steps, records, left, undone, proof, ok };
}
