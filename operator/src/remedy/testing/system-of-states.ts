import type { AppLabel } from '@scholar/contract';
import { judge } from '../../audit/audit.ts';
import { describeRemedy, type ServedLabel } from '../../audit/remedy.ts';
import type { Snapshot } from '../../audit/snapshot.ts';
import { appOf, healthySnapshot, told } from '../../audit/testing/healthy-snapshot.ts';
import { DEFAULT_LIMITS, type LedgerEntry, NO_REPAIRS } from '../budget.ts';
import type { LedgerStore } from '../ledger.ts';
import { nothingRepaired, repair } from '../repair.ts';

/** Entries in memory; whoever read something else than what is there now comes too late. */
export function ledgerOf(entries = new Map<string, LedgerEntry>()): LedgerStore {
  return {
    read: async (label) => ({
      entry: entries.get(label) ?? NO_REPAIRS,
      version: JSON.stringify(entries.get(label)),
    }),
    write: async (label, entry, before) => {
      if (JSON.stringify(entries.get(label)) !== before.version) return false;
      entries.set(label, entry);
      return true;
    },
  };
}

export const NOON = Date.parse('2026-11-29T12:00:00Z');

/** A system that is in the next of these states after every change, and stays in the last one. */
export function systemOf(states: Snapshot[], { ledger = ledgerOf(), holder = 'test', nowMs = NOON } = {}) {
  const applied: string[] = [];
  const undone: ServedLabel[] = [];
  const slept: number[] = [];
  let now = nowMs;
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
  return {
    applied,
    undone,
    slept,
    clock,
    holder,
    limits: DEFAULT_LIMITS,
    target: {
      gather: async () => states[Math.min(applied.length, states.length - 1)] ?? healthySnapshot(),
      place: async (judged: readonly ReturnType<typeof judge>[number][]) => [...judged],
      ledger,
      beginRepair: async (label: ServedLabel) => ({
        apply: async (remedies: readonly Parameters<typeof describeRemedy>[0][]) => {
          applied.push(...remedies.map(describeRemedy));
          return remedies.map(() => 'done');
        },
        undo: async () => {
          undone.push(label);
          return ['EMIT_MODE as before'];
        },
      }),
    },
  };
}

/** What one repair of this system came to. */
export async function repaired(system: ReturnType<typeof systemOf>, before: Snapshot) {
  const result = nothingRepaired();
  await repair(system, judge(before), { onStep: () => undefined, repaired: result });
  return result;
}

/** The forwarder of scholar_auth does not run. */
export function stopped(): Snapshot {
  const snapshot = healthySnapshot();
  const { forwarder } = appOf(snapshot, 'scholar_auth');
  Object.assign(forwarder, { running: undefined, status: undefined });
  forwarder.process = { state: 'stopped', restarts: 0, lastExit: null, lastLines: [] };
  return snapshot;
}

/** It runs, and has a dead letter. */
export function withDeadLetters(): Snapshot {
  const snapshot = healthySnapshot();
  Object.assign(appOf(snapshot, 'scholar_auth').forwarder.status ?? {}, { dead: { contract: 1, system: 0 } });
  return snapshot;
}

/** These apps write their events on the console. */
export function onConsole(...labels: AppLabel[]): Snapshot {
  const snapshot = healthySnapshot();
  for (const label of labels) told(appOf(snapshot, label).running).emit_mode = 'console';
  return snapshot;
}

/** A truth table in which these apps have their row. */
export const proofOf = (...labels: AppLabel[]) => ({
  table: {
    table: labels.map((label) => ({ label, event: { row: true, event_id: 'e', row_at: 'r' } })),
  } as never,
});
