import type { Clock } from '@scholar/runtime/clock';
import { isDrift, judge } from '../audit/audit.ts';
import type { Judged } from '../audit/judged.ts';
import { describeRemedy } from '../audit/remedy.ts';
import type { Target } from '../target/target.ts';
import { plan, type Step } from './plan.ts';

export interface Repaired {
  /** Everything that was found, in the order of its finding. */
  drifts: Judged[];
  steps: Step[];
  /** Why a step could not be taken to its end. */
  failures: Map<Step, string>;
  /** Drifts that are still there. */
  left: Judged[];
}

export interface RepairDeps {
  target: Pick<Target, 'gather' | 'apply'>;
  clock: Pick<Clock, 'monotonic' | 'sleep'>;
}

/** How long a repaired system may take until its audit is clear: forwarders re-read keys every five seconds. */
const SETTLE_TIMEOUT_MS = 30_000;

/** A process that did not answer hides what else is wrong with it; what hides behind that is for a person. */
const MAX_ROUNDS = 2;

/** Applies the remedies of what was found and, once the system has settled, of what only showed then. */
export async function repair(
  deps: RepairDeps,
  before: readonly Judged[],
  onStep: (text: string) => void,
): Promise<Repaired> {
  const repaired: Repaired = { drifts: [], steps: [], failures: new Map(), left: before.filter(isDrift) };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const fresh = repaired.left.filter((found) => !repaired.drifts.some((known) => isSame(known, found)));
    const steps = plan(fresh);
    repaired.drifts.push(...fresh);
    repaired.steps.push(...steps);
    if (steps.length === 0 && round > 0) break;
    for (const step of steps) await applyStep(deps, step, { onStep, failures: repaired.failures });
    repaired.left = await settle(deps);
    if (repaired.left.length === 0) break;
  }
  return repaired;
}

/** Two findings of the same drift, seen at different times. */
export function isSame(a: Judged, b: Judged): boolean {
  return a.code === b.code && a.label === b.label;
}

async function applyStep(
  { target }: RepairDeps,
  step: Step,
  { onStep, failures }: { onStep: (text: string) => void; failures: Map<Step, string> },
): Promise<void> {
  for (const remedy of step.remedies) {
    onStep(describeRemedy(remedy));
    try {
      await target.apply(remedy);
    } catch (cause) {
      failures.set(step, cause instanceof Error ? cause.message : String(cause));
      return;
    }
  }
}

async function settle({ target, clock }: RepairDeps): Promise<Judged[]> {
  const deadline = clock.monotonic() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const left = judge(await target.gather()).filter(isDrift);
    if (left.length === 0 || clock.monotonic() >= deadline) return left;
    await clock.sleep(500);
  }
}
