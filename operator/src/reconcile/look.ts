import type { DrillSummary } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { VERSION } from '@scholar/runtime/running';
import type { Judged } from '../audit/judged.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import { type LastGuards, lastGuardsOf } from '../crd/last-guards.ts';
import { audited } from '../remedy/repair.ts';
import type { Target } from '../target/target.ts';
import { type SenderRow, tryGuards } from '../verify/negative/try-guards.ts';
import type { VerifyDeps } from '../verify/verify-deps.ts';
import { verifyTwice } from '../verify/verify-twice.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import { type FirstSeen, firstSeen, intentOf } from './intent-of.ts';
import { declaredOnly } from './narrowed-target.ts';
import { refusalOf } from './refusal-of.ts';
import { repairApp } from './repair-app.ts';
import type { Intent, Proof, RepairDone, Seen } from './seen.ts';
import type { WantedTarget } from './wanted-target.ts';

export interface LookDeps {
  openTarget: (wanted: WantedTarget) => Promise<Target>;
  clock: Clock;
  /** Unique among all that may repair. */
  holder: string;
  log: Logger;
  /** Is told of everything that a pass gathers. */
  onGathered?: (snapshot: Snapshot) => void;
}

/** What one pass remembers for the next; a new leader begins without it, which only makes it wait. */
export interface Memory {
  seen: FirstSeen;
  intent: Intent;
  /** What earlier leaders left half done has been ended. */
  isTakenOver?: boolean;
}

export const NO_MEMORY: Memory = { seen: new Map(), intent: { kind: 'nothing' } };

export interface LookOptions {
  wanted: WantedTarget;
  /** Whether a canary of each app is sent in any case. */
  due: boolean;
  memory: Memory;
  /** Rows as last known, where A8's guards are due; undefined where they are not. */
  guards?: readonly SenderRow[] | undefined;
  /** The last drill, for the table that A8 is told. */
  lastDrill?: DrillSummary | undefined;
  /** No repair begins after it aborted, and one under way is taken back. */
  signal: AbortSignal;
}

/** Whether somebody must be told that an app which should speak is silent. */
const SILENT = 'app_silent';

/**
 * Looks at the system once, sends canaries where they are due, repairs what the pass before announced, tells A8, and tries A8's guards
 * where they are due.
 * @throws CouldNotLook when there is nothing to be seen.
 */
export async function look(deps: LookDeps, options: LookOptions): Promise<{ seen: Seen; memory: Memory }> {
  const { wanted, memory, lastDrill } = options;
  const opened = await deps.openTarget(wanted);
  try {
    if (opened.environment !== wanted.environment) {
      const why = `A8 runs in ${opened.environment}, and spec.environment is ${wanted.environment}.`;
      return { seen: { kind: 'unusable', why }, memory: NO_MEMORY };
    }
    const declared = declaredOnly(opened, wanted);
    const gather = async (): Promise<Snapshot> => {
      const snapshot = await declared.gather();
      deps.onGathered?.(snapshot);
      return snapshot;
    };
    const target = { ...declared, gather, lastDrill: async () => lastDrill };
    const over = { target, ask: target.ask, clock: deps.clock, writeBoundMs: wanted.writeBoundMs };
    const looked = await lookOnce(over, options);
    const { repairs: own, ...after } = await repaired(deps, over, { ...options, ...looked });
    const taken = await takenOver(deps, target, { ...options, ...after });
    const repairs = [...own, ...(taken ?? [])];
    if (after.proof !== undefined) await tell(deps, target, { proof: after.proof, wanted });
    const guards = await triedGuards(deps, over, { ...options, ...after, repairs });
    const seen = firstSeen(memory.seen, after.findings, deps.clock.monotonic());
    const intent = await nextIntent(deps, target, { wanted, findings: after.findings, seen });
    return {
      seen: { kind: 'looked', ...after, repairs, intent, guards },
      memory: { seen, intent, isTakenOver: taken !== undefined },
    };
  } finally {
    await opened.close();
  }
}

interface Looked {
  findings: Judged[];
  proof: Proof | undefined;
}

async function lookOnce(over: VerifyDeps, { due }: LookOptions): Promise<Looked> {
  if (!due) {
    const findings = await audited(over);
    if (!findings.some(({ code }) => code === SILENT)) return { findings, proof: undefined };
  }
  const { judged, table } = await verifyTwice(over);
  return {
    findings: await over.target.place(judged),
    proof: { table, endedMs: over.clock.now() },
  };
}

async function repaired(
  { holder, log }: LookDeps,
  over: VerifyDeps,
  options: LookOptions & Looked,
): Promise<Looked & Pick<Extract<Seen, { kind: 'looked' }>, 'repairs'>> {
  const { wanted, memory, signal, findings, proof } = options;
  if (memory.intent.kind !== 'repair' || wanted.limits === undefined || signal.aborted)
    return { findings, proof, repairs: [] };
  const { label } = memory.intent;
  const onStep = (step: string): void => log.info({ app: label, step }, 'a repair is under way');
  const { limits } = wanted;
  const done = await repairApp(over, { label, holder, limits, signal, onStep });
  const others = findings.filter((found) => !found.remedies.some((remedy) => remedy.label === label));
  return { findings: [...others, ...done.left], proof: done.proof ?? proof, repairs: done.repairs };
}

/** Once for each leader, as soon as there is a proof. @returns undefined = not yet. */
async function takenOver(
  { clock }: LookDeps,
  target: Target,
  { wanted, memory, findings, proof }: LookOptions & Looked,
): Promise<RepairDone[] | undefined> {
  if (memory.isTakenOver === true) return [];
  if (wanted.limits === undefined || proof === undefined) return undefined;
  return finishInterrupted(target, { findings, proof, nowMs: clock.now() });
}

/** Not in a pass that repaired: what was just restarted would be tried, and the next pass comes at once. */
async function triedGuards(
  { clock, log }: LookDeps,
  over: VerifyDeps,
  options: Pick<LookOptions, 'guards' | 'signal' | 'wanted'> & Looked & { repairs: readonly unknown[] },
): Promise<LastGuards | undefined> {
  const { guards, signal, wanted, proof, repairs } = options;
  if (guards === undefined || repairs.length > 0 || signal.aborted) return undefined;
  const atMs = clock.now();
  const report = await tryGuards(over, proof?.table.table ?? guards);
  for (const { code, summary, evidence } of report.findings)
    log.warn({ namespace: wanted.namespace, code, evidence }, summary);
  return lastGuardsOf(report, atMs);
}

async function nextIntent(
  { holder, clock }: LookDeps,
  target: Target,
  look: { wanted: WantedTarget; findings: Judged[]; seen: FirstSeen },
): Promise<Intent> {
  const { limits } = look.wanted;
  if (limits === undefined) return { kind: 'nothing' };
  const by = { holder, nowMs: clock.now(), limits };
  return intentOf(look.findings, {
    seen: look.seen,
    nowMs: clock.monotonic(),
    refusalOf: (label) => refusalOf(target.ledger, label, by),
  });
}

/** The table first: a heartbeat without one would keep an old table alive. */
async function tell(
  { clock, log }: LookDeps,
  target: Target,
  { proof, wanted }: { proof: Proof; wanted: WantedTarget },
): Promise<void> {
  try {
    await target.recordVerdicts(proof.table);
    const at = new Date(clock.now()).toISOString();
    const period_s = wanted.canaryIntervalMs / 1_000;
    await target.recordHeartbeat({ at, target: 'cluster', period_s, version: VERSION });
  } catch (err) {
    // A8 shows the table as unknown then, which is what it is worth there.
    log.warn({ err, namespace: wanted.namespace }, 'A8 did not take the truth table');
  }
}
