import type { EventState } from '../../api.ts';

export type Belief = EventState | 'absent';

/** One event as the model knows it. */
export interface Entry {
  body: string;
  /** Bytes that were offered under its id while it was being discarded: such an event is a new one. */
  otherBodies: Set<string>;
  /** How often it was accepted anew. */
  renewals: number;
  /** How often A8 has taken it. */
  deliveries: number;
  /** When A8's row of it was made, ISO-8601; undefined: there is none. */
  row: string | undefined;
  /** The minute in whose set of acknowledged ids it is. */
  countedIn: number | undefined;
  /** It was counted by a record that is dropped: what becomes of a later one of the same id changes no set. */
  countedGone: boolean;
  /** What it may be now. */
  may: Set<Belief>;
  /** What it may be besides after a restart. */
  afterRestart: Set<Belief>;
  /** Where steps that have not ended yet would take it. */
  underway: Belief[];
  /** Once its later record is forgotten, all that is left is one that was discarded, or is dead and has no letter: told as discarded. */
  wasGivenUp: boolean;
  /** Order of submission, equal where none is promised; undefined once it was replayed. */
  order: number | undefined;
}

export const newEntry = (body: string, order: number): Entry => ({
  body,
  otherBodies: new Set(),
  renewals: 0,
  deliveries: 0,
  row: undefined,
  countedIn: undefined,
  countedGone: false,
  may: new Set(['absent']),
  afterRestart: new Set(['queued']),
  underway: [],
  wasGivenUp: false,
  order,
});

/** A durable step: nothing else is possible from now on, except that a delivered event may be forgotten. */
export function settleOn(entry: Entry, state: Belief): void {
  entry.may = new Set([state]);
  entry.afterRestart = new Set([state]);
}

/** The process ended without a close: what was lazily kept may be lost, what was under way may have happened. */
export function believeAfterRestart(entry: Entry, closed: boolean): void {
  if (entry.may.has('delivered') && !closed) entry.may.add('queued');
  for (const state of [...entry.afterRestart, ...entry.underway]) entry.may.add(state);
  entry.underway = [];
}
