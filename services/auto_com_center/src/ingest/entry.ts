import type { AppLabel, ContractEvent } from '@scholar/contract';

/** An admitted event on its way to a row. Everything in it has passed the contract. */
export type Entry = {
  eventId: string;
  label: AppLabel;
  event: ContractEvent;
  contentHash: Buffer;
  simulated: boolean;
  keyId: string;
  requestId: string;
  canaryId: string | undefined;
  forwarderId: string | undefined;
  traceparent: string | undefined;
  /** Size of the body as it came, in bytes. */
  bytes: number;
};

/** What became of an entry. Only `stored` may be answered with a receipt. */
export type Outcome =
  /**
   * Committed. `receivedAt` (ISO-8601, milliseconds) is that of the first row of this id; `atMs` is now, monotonic;
   * `ownRow`: the row's first delivery told the forwarder that this entry tells.
   */
  | { kind: 'stored'; inserted: boolean; receivedAt: string; atMs: number; ownRow: boolean }
  /** Another content is already stored under this id. */
  | { kind: 'conflict' }
  /** PostgreSQL refuses this very event; a second try would be refused as well. */
  | { kind: 'unstorable'; sqlState: string }
  /** Not acknowledged: either nothing was stored, or nobody can say yet whether it was. */
  | { kind: 'unavailable'; reason: string };

/** An entry with somebody waiting for its outcome, which is told exactly once. */
export class Pending {
  readonly entry: Entry;
  /** Monotonic milliseconds at which it was submitted. */
  readonly since: number;
  #tell: ((outcome: Outcome) => void) | undefined;

  constructor(entry: Entry, since: number, tell: (outcome: Outcome) => void) {
    this.entry = entry;
    this.since = since;
    this.#tell = tell;
  }

  /** Tells the outcome; every call after the first is without effect. */
  settle(outcome: Outcome): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(outcome);
  }
}
