import type { AppLabel, HUB_LABEL } from '@scholar/contract';

export type ServedLabel = AppLabel | typeof HUB_LABEL | 'stripe_sandbox';
export type ProcessRole = 'app' | 'forwarder';

/** A change that ends a finding. Checks only name it; a Target applies it, `fix` proves it. */
export type Remedy =
  /** Give the running process its desired value back. `restart` where it reads the setting only at its start. */
  | { kind: 'reset_setting'; label: ServedLabel; role: ProcessRole; key: string; restart: boolean }
  | { kind: 'restart'; label: ServedLabel; role: ProcessRole }
  | { kind: 'start'; label: ServedLabel; role: ProcessRole }
  /** Hand the same events, each under its own id, to A8 again. */
  | { kind: 'replay'; label: AppLabel; eventIds: string[] }
  /** The same for every dead letter of a forwarder: what was refused because A8 had drifted is taken now. */
  | { kind: 'replay_dead'; label: AppLabel }
  /** A forwarder of its own sends to A8 what lies on a claim that a scale-down left. */
  | { kind: 'drain_claim'; label: AppLabel; claim: string }
  /** Write A8's ring of keys anew from the desired keys; A8 re-reads it by itself. */
  | { kind: 'restore_key_ring'; label: typeof HUB_LABEL };

/** @returns the remedy in the words of an operator. */
export function describeRemedy(remedy: Remedy): string {
  const process = 'role' in remedy ? processName(remedy) : remedy.label;
  switch (remedy.kind) {
    case 'reset_setting':
      return `set ${remedy.key} of ${process} back to the desired value${remedy.restart ? ' and restart it' : ''}`;
    case 'restart':
      return `restart ${process}`;
    case 'start':
      return `start ${process}`;
    case 'replay':
      return `send ${eventsOf(remedy.eventIds)} of ${process} to A8 again`;
    case 'replay_dead':
      return `send the dead letters of ${process} to A8 once more`;
    case 'drain_claim':
      return `drain the claim ${remedy.claim} of ${process} to A8, by a forwarder of its own`;
    case 'restore_key_ring':
      return `write the key ring of ${process} anew from the desired keys`;
  }
}

function eventsOf([first = 'no event', ...others]: readonly string[]): string {
  return others.length === 0 ? `event ${first}` : `event ${first} and ${others.length} others`;
}

/** @returns the process in the middle of a sentence. */
export function processName({ label, role }: { label: ServedLabel; role: ProcessRole }): string {
  return role === 'forwarder' ? `the forwarder of ${label}` : label;
}
