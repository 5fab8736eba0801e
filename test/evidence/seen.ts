import type { AppLabel, Finding, RepairRecord, TruthTable } from '@scholar/contract';
import type { Comparison } from '../../load/run/compare.ts';
import type { Summary } from '../../load/run/summary.ts';
import type { RowCount } from '../harness/exact-rows.ts';
import type { HubSample, QueueSample } from './samples.ts';

/** What a run does, in this order. */
export const STEPS = ['start', 'audit', 'plan', 'fix', 'verify', 'load', 'outage'] as const;
export type StepName = (typeof STEPS)[number];

/** Milliseconds since the epoch, by the clock of this machine, as all times of a run. */
export interface Step {
  name: StepName;
  fromMs: number;
  toMs: number;
  /** undefined: done; else why it could not be, or what was bad about it. */
  failure: string | undefined;
}

/** Everything that one run has shown; what it did not come to is undefined. */
export interface EvidenceRun {
  steps: readonly Step[];
  /** Where it ran; the load averages are of the minute before the run and of its last one. */
  machine?: { cores: number; node: string; loadBefore: number; loadAfter: number };
  /** Phase 0. */
  findings?: readonly Finding[];
  /** State and answers of A6 before anything was repaired. */
  ghost?: { state: string; health: string; ready: string };
  /** What `fix --dry-run` would do, in its order. */
  planned?: readonly { label: string; role: string; steps: readonly string[] }[];
  /** Phases 1 and 2. */
  fixed?: { ok: boolean; repairs: readonly RepairRecord[]; left: readonly { code: string; label: string }[] };
  /** Phase 3. */
  proof?: TruthTable;
  load?: LoadSeen;
  outage?: OutageSeen;
}

export interface LoadSeen {
  /** As a verdict names it. */
  engine: string;
  profile: string;
  passed: boolean;
  verdict: string;
  summary: Summary;
  /** undefined: there was no database to ask. */
  comparison: Comparison | undefined;
  /** Each write by the engine: when it ended, and how long it took, ms. */
  writes: readonly (readonly [atMs: number, tookMs: number])[];
  /** A8's own histogram, about each second. */
  hub: readonly HubSample[];
}

export interface OutageSeen {
  /** How often A8 was killed. */
  kills: number;
  fates: RowCount;
  /** Requests that got a 5xx. */
  serverErrors: readonly string[];
  apps: readonly AppLabel[];
  queues: readonly QueueSample[];
}

export const stepOf = ({ steps }: EvidenceRun, name: StepName): Step | undefined =>
  steps.find((step) => step.name === name);

/** Pure: what of a run was not as it has to be, one sentence each; none = everything held. */
export function failuresOf(run: EvidenceRun): string[] {
  const missing = STEPS.filter((name) => stepOf(run, name) === undefined);
  return [
    ...run.steps.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`])),
    ...missing.map((name) => `${name}: it did not come to that`),
  ];
}
