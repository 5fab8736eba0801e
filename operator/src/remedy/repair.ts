import type { RepairRecord } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import { isDrift, judge } from '../audit/audit.ts';
import type { Judged } from '../audit/judged.ts';
import { describeRemedy, type ServedLabel } from '../audit/remedy.ts';
import { REPAIRED_LABELS, type Target } from '../target/target.ts';
import type { Limits } from './budget.ts';
import { type Held, hold } from './ledger.ts';
import { plan, type Step } from './plan.ts';
import type { RepairSession } from './session.ts';

/** An app that is being repaired: what was changed is kept or taken back, and then others may repair it. */
export interface OpenRepair {
  session: RepairSession;
  held: Held;
}

/** When steps of a repair ended, ISO-8601. */
export type StepTimes = NonNullable<RepairRecord['steps']>;

export interface Repaired {
  /** Everything that was found, in the order of its finding. */
  drifts: Judged[];
  steps: Step[];
  open: Map<ServedLabel, OpenRepair>;
  /** What was changed, and which repair of the hour it is. */
  changes: Map<ServedLabel, string[]>;
  attempts: Map<ServedLabel, number>;
  /** ISO-8601, by finding, and by app what came after. */
  foundAt: Map<Judged, string>;
  times: Map<ServedLabel, Pick<StepTimes, 'dry_run_at' | 'applied_at'>>;
  /** Why an app was not repaired, or not to the end. */
  failures: Map<ServedLabel, string>;
  /** Drifts that are still there. */
  left: Judged[];
}

export interface RepairDeps {
  target: Pick<Target, 'gather' | 'place' | 'ledger' | 'beginRepair'>;
  clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  /** Unique among all that may repair. */
  holder: string;
  limits: Limits;
  /** No further change after it was aborted; what is open is for whoever called to end. */
  signal?: AbortSignal | undefined;
}

/** How long a repaired system may take until its audit is clear: forwarders re-read keys every five seconds. */
const SETTLE_TIMEOUT_MS = 30_000;

/** A process that did not answer hides what else is wrong with it; what hides behind that is for a person. */
const MAX_ROUNDS = 2;

/** What is wrong now, each with remedies that this target can carry. */
export async function audited({ target }: Pick<RepairDeps, 'target'>): Promise<Judged[]> {
  return target.place(judge(await target.gather()));
}

/**
 * Applies the remedies of what was found and, once the system has settled, of what only showed then. One app after the
 * other. Whoever calls ends every open repair, with `session.undo` or without.
 */
export async function repair(
  deps: RepairDeps,
  before: readonly Judged[],
  { onStep, repaired }: { onStep: (text: string) => void; repaired: Repaired },
): Promise<void> {
  repaired.left = before.filter(isDrift);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const fresh = repaired.left.filter((found) => !repaired.drifts.some((known) => isSame(known, found)));
    const foundAt = instant(deps);
    for (const found of fresh) repaired.foundAt.set(found, foundAt);
    const steps = plan(fresh);
    repaired.drifts.push(...fresh);
    repaired.steps.push(...steps);
    if (steps.length === 0 && round > 0) break;
    let isChanged = false;
    for (const [label, mine] of byApp(steps)) {
      try {
        await repairApp(deps, label, { steps: mine, onStep, repaired });
        isChanged = true;
      } catch (cause) {
        deps.signal?.throwIfAborted();
        repaired.failures.set(label, cause instanceof Error ? cause.message : String(cause));
      }
    }
    repaired.left = await settle(deps, isChanged ? SETTLE_TIMEOUT_MS : 0);
    if (repaired.left.length === 0) break;
  }
}

export function nothingRepaired(): Repaired {
  return {
    drifts: [],
    steps: [],
    open: new Map(),
    changes: new Map(),
    attempts: new Map(),
    foundAt: new Map(),
    times: new Map(),
    failures: new Map(),
    left: [],
  };
}

/** Two findings of the same drift, seen at different times. */
export function isSame(a: Judged, b: Judged): boolean {
  return a.code === b.code && a.label === b.label;
}

/** In the order of the plan's first step of each app. */
function byApp(steps: readonly Step[]): Map<ServedLabel, Step[]> {
  const apps = new Map<ServedLabel, Step[]>();
  for (const step of steps) apps.set(step.label, [...(apps.get(step.label) ?? []), step]);
  return apps;
}

async function repairApp(
  deps: RepairDeps,
  label: ServedLabel,
  { steps, onStep, repaired }: { steps: Step[]; onStep: (text: string) => void; repaired: Repaired },
): Promise<void> {
  deps.signal?.throwIfAborted();
  // What failed in the first round is not tried again in the second.
  if (repaired.failures.has(label)) return;
  const open = repaired.open.get(label) ?? (await begin(deps, label, steps));
  repaired.open.set(label, open);
  repaired.attempts.set(label, open.held.attempt);
  await open.held.renew();
  const remedies = steps.flatMap((step) => step.remedies);
  const times = repaired.times.get(label) ?? {};
  repaired.times.set(label, times);
  if (open.session.dryRun !== undefined) {
    await open.session.dryRun(remedies);
    times.dry_run_at = instant(deps);
  }
  for (const remedy of remedies) onStep(describeRemedy(remedy));
  const changes = await open.session.apply(remedies);
  times.applied_at = instant(deps);
  repaired.changes.set(label, [...(repaired.changes.get(label) ?? []), ...changes]);
}

async function begin(deps: RepairDeps, label: ServedLabel, steps: readonly Step[]): Promise<OpenRepair> {
  const { target, clock, holder, limits } = deps;
  // A look that ends in a refusal, such as a rollout of somebody else's, is no attempt.
  const session = await target.beginRepair(label);
  const codes = new Set(steps.flatMap(({ findings }) => findings.map(({ code }) => code)));
  const ledger = { store: target.ledger, clock, holder, limits, labels: REPAIRED_LABELS };
  const held = await hold(ledger, label, [...codes]);
  return { session, held };
}

function instant({ clock }: Pick<RepairDeps, 'clock'>): string {
  return new Date(clock.now()).toISOString();
}

/** Looks until nothing is found, at least once and no longer than this. */
async function settle(deps: RepairDeps, timeoutMs: number): Promise<Judged[]> {
  const { clock, signal } = deps;
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const left = (await audited(deps)).filter(isDrift);
    if (left.length === 0 || clock.monotonic() >= deadline) return left;
    await clock.sleep(500, signal);
  }
}
