import { RECORD_KIND, SEGMENT_HEADER_BYTES } from './format.ts';
import { MinuteDigests } from './minute-digests.ts';

/** What became of one record. `moved`: a later record of the same id carries the event, so this one is not counted. */
export const STATE = { queued: 0, delivered: 1, dead: 2, discarded: 3, quarantined: 4, moved: 5 } as const;
export type RecordState = (typeof STATE)[keyof typeof STATE];
export const STATE_COUNT = 6;

const STATE_MASK = 0x07;
const REPLAYED = 0x08;
/** Handed out for delivery. */
export const LEASED = 0x40;
/** Its bytes are in memory, in the new lane; the backlog passes it by. */
export const FRESH = 0x80;

const FIRST_CAPACITY = 256;

/** One record of one segment. */
export interface Position {
  segment: Segment;
  index: number;
}

export interface SegmentOrigin {
  id: number;
  createdAt: number;
  previousSegment: number;
  lastSequence: number;
}

/**
 * What is kept in memory of a segment file: nine bytes a record (offset, age, state) and a few counters, no ids, no
 * bodies. Counters change only through `add`, `setState` and `setFlag`.
 */
export class Segment {
  readonly id: number;
  readonly createdAt: number;
  readonly previousSegment: number;
  readonly firstOrdinal: number;
  /** Bytes that are durable and indexed. */
  end = SEGMENT_HEADER_BYTES;
  /** Bytes of its file, damaged ranges included. */
  fileBytes = SEGMENT_HEADER_BYTES;
  journalBytes = 0;
  indexBytes = 0;
  count = 0;
  lastSequence: number;
  /** No more records will come. */
  sealed = false;
  /** Records that the disk would not read: they are in no copy, so the file must stay. */
  unreadable = 0;
  /** How often its file was replaced by an erasure. What was read before the last time is not what is there. */
  rewrites = 0;
  /** Its removal is under way: nothing in it may be queued again. */
  dropping = false;
  /** Since when nothing in it is owed, ms since the epoch. */
  settledAt: number | undefined;
  /** Of its delivered records: those whose row at A8 is our own. */
  readonly acknowledged = new MinuteDigests();
  readonly counts: number[] = new Array<number>(STATE_COUNT).fill(0);
  /** Records that count as accepted: neither replays nor moved. */
  appended = 0;
  /** Queued, neither leased nor fresh: what the backlog may take. */
  takeable = 0;
  firstAcceptedAt = 0;
  #offsets: Uint32Array;
  #ages: Uint32Array;
  #states: Uint8Array;

  constructor(o: SegmentOrigin & { firstOrdinal: number }) {
    this.id = o.id;
    this.createdAt = o.createdAt;
    this.previousSegment = o.previousSegment;
    this.firstOrdinal = o.firstOrdinal;
    this.lastSequence = o.lastSequence;
    this.#offsets = new Uint32Array(0);
    this.#ages = new Uint32Array(0);
    this.#states = new Uint8Array(0);
  }

  get queued(): number {
    return this.counts[STATE.queued] ?? 0;
  }

  add(o: { offset: number; acceptedAt: number; replayed: boolean }): number {
    const index = this.count;
    if (index === this.#offsets.length) this.#grow();
    if (index === 0) this.firstAcceptedAt = o.acceptedAt;
    this.#offsets[index] = o.offset;
    // A clock that was set back makes an event look as old as the first of its segment, never older.
    this.#ages[index] = Math.min(0xffff_ffff, Math.max(0, o.acceptedAt - this.firstAcceptedAt));
    this.#states[index] = o.replayed ? REPLAYED : 0;
    this.count = index + 1;
    this.counts[STATE.queued] = this.queued + 1;
    this.takeable += 1;
    if (!o.replayed) this.appended += 1;
    this.settledAt = undefined;
    return index;
  }

  /** Takes over the columns of a sealed segment; every record starts as queued. */
  adopt(columns: {
    offsets: Uint32Array;
    ages: Uint32Array;
    kinds: Uint8Array;
    firstAcceptedAt: number;
  }): void {
    this.#offsets = columns.offsets;
    this.#ages = columns.ages;
    this.#states = new Uint8Array(columns.offsets.length);
    this.firstAcceptedAt = columns.firstAcceptedAt;
    this.count = columns.offsets.length;
    this.takeable = this.count;
    this.counts[STATE.queued] = this.count;
    for (let i = 0; i < this.count; i += 1) {
      if (columns.kinds[i] === RECORD_KIND.replayed) this.#states[i] = REPLAYED;
      else this.appended += 1;
    }
    this.sealed = true;
  }

  /** The columns as they are written to its index file. */
  columns(): { offsets: Uint32Array; ages: Uint32Array; kinds: Uint8Array; firstAcceptedAt: number } {
    const kinds = this.#states
      .subarray(0, this.count)
      .map((byte) => ((byte & REPLAYED) === 0 ? RECORD_KIND.accepted : RECORD_KIND.replayed));
    const { count, firstAcceptedAt } = this;
    return {
      offsets: this.#offsets.subarray(0, count),
      ages: this.#ages.subarray(0, count),
      kinds,
      firstAcceptedAt,
    };
  }

  offset(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  /** Where the next record begins; a damaged range in between counts to the record before it. */
  nextOffset(index: number): number {
    return index + 1 < this.count ? this.offset(index + 1) : this.end;
  }

  acceptedAt(index: number): number {
    return this.firstAcceptedAt + (this.#ages[index] ?? 0);
  }

  state(index: number): RecordState {
    return ((this.#states[index] ?? 0) & STATE_MASK) as RecordState;
  }

  isReplay(index: number): boolean {
    return ((this.#states[index] ?? 0) & REPLAYED) !== 0;
  }

  has(index: number, flag: number): boolean {
    return ((this.#states[index] ?? 0) & flag) !== 0;
  }

  /** Index of the record at exactly this offset, or -1. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.offset(middle);
      if (found === offset) return middle;
      if (found < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  setState(index: number, to: RecordState): void {
    const from = this.state(index);
    if (from === to) return;
    const before = this.#isTakeable(index);
    this.#states[index] = ((this.#states[index] ?? 0) & ~STATE_MASK) | to;
    this.counts[from] = (this.counts[from] ?? 0) - 1;
    this.counts[to] = (this.counts[to] ?? 0) + 1;
    if (!this.isReplay(index)) this.appended += (from === STATE.moved ? 1 : 0) - (to === STATE.moved ? 1 : 0);
    this.takeable += (this.#isTakeable(index) ? 1 : 0) - (before ? 1 : 0);
  }

  setFlag(index: number, flag: number, on: boolean): void {
    const before = this.#isTakeable(index);
    const byte = this.#states[index] ?? 0;
    this.#states[index] = on ? byte | flag : byte & ~flag;
    this.takeable += (this.#isTakeable(index) ? 1 : 0) - (before ? 1 : 0);
  }

  /** The first record from `index` on that the backlog may take, or -1. */
  nextTakeable(index: number): number {
    if (this.takeable === 0) return -1;
    for (let i = index; i < this.count; i += 1) if (this.#isTakeable(i)) return i;
    return -1;
  }

  /** The first record from `index` on in this state, or -1. */
  nextInState(index: number, state: RecordState): number {
    for (let i = index; i < this.count; i += 1) if (this.state(i) === state) return i;
    return -1;
  }

  /** Gives spare capacity back. */
  seal(): void {
    this.sealed = true;
    this.#resize(this.count);
  }

  #isTakeable(index: number): boolean {
    return ((this.#states[index] ?? 0) & ~REPLAYED) === STATE.queued;
  }

  #grow(): void {
    this.#resize(Math.max(FIRST_CAPACITY, this.#offsets.length * 2));
  }

  #resize(capacity: number): void {
    const resized = <T extends Uint32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from.subarray(0, Math.min(from.length, capacity)));
      return to;
    };
    this.#offsets = resized(new Uint32Array(capacity), this.#offsets);
    this.#ages = resized(new Uint32Array(capacity), this.#ages);
    this.#states = resized(new Uint8Array(capacity), this.#states);
  }
}
