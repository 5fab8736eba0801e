import { EVENT_ID_BYTES } from './event-id.ts';

const PARTITIONS = 256;
const FIRST_SLOTS = 64;
const FULL = 0.75;
const LAST_WORD = EVENT_ID_BYTES - 4;

interface Partition {
  /** Pairs of (fingerprint, low 32 bits of the ordinal); fingerprint 0 is an empty slot. */
  slots: Uint32Array;
  used: number;
}

const mix = (value: number): number => {
  let h = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** Ids of records with consecutive ordinals, 16 bytes each. */
export interface IdRun {
  ids: Buffer;
  firstOrdinal: number;
}

/**
 * Event id → ordinals of the records that may carry it: about 14 bytes an event, no ids kept. A 40-bit fingerprint can
 * err, so the caller confirms a hit by reading the record. Entries are never removed: those of dropped segments are
 * filtered by `isLive`, and swept out when their partition fills up. 256 partitions grow one at a time, so that no
 * append ever waits for a million entries to move.
 */
export class IdTable {
  readonly #partitions: Partition[] = [];
  readonly #seed: number;
  readonly #isLive: (low: number) => boolean;

  constructor(o: { seed: number; isLive: (low: number) => boolean }) {
    this.#seed = o.seed >>> 0;
    this.#isLive = o.isLive;
    for (let i = 0; i < PARTITIONS; i += 1)
      this.#partitions.push({ slots: new Uint32Array(2 * FIRST_SLOTS), used: 0 });
  }

  /**
   * All that a start finds, into a table that holds nothing yet. Sorted by partition first, so that one partition at a
   * time is filled, in the processor's cache: one by one in the order of the log, almost every entry would wait for memory.
   * @returns the ordinals whose fingerprint was there already
   */
  fill(runs: readonly IdRun[]): number[] {
    const sorted = sortByPartition(runs, this.#seed);
    const again: number[] = [];
    let at = 0;
    for (const [index, partition] of this.#partitions.entries()) {
      const end = at + (sorted.counts[index] ?? 0);
      const { slots } = partition;
      const size = slotsFor(end - at);
      if (2 * size > slots.length) partition.slots = new Uint32Array(2 * size);
      for (; at < end; at += 1) {
        const ordinal = sorted.ordinals[at] ?? 0;
        if (put(partition, sorted.fingerprints[at] ?? 0, ordinal >>> 0)) again.push(ordinal);
      }
    }
    return again;
  }

  /** `ids[at, at + 16)` is the event id. Tells whether an entry with the same fingerprint was there already. */
  insert(ids: Buffer, at: number, ordinal: number): boolean {
    const partition = this.#partitionOf(ids, at);
    if (partition.used >= FULL * (partition.slots.length / 2)) this.#rebuild(partition);
    return put(partition, this.#fingerprint(ids, at), ordinal >>> 0);
  }

  /** Low 32 bits of the ordinals whose fingerprint matches, in no order. */
  candidates(id: Buffer, at = 0): number[] {
    const { slots } = this.#partitionOf(id, at);
    const fingerprint = this.#fingerprint(id, at);
    const mask = slots.length / 2 - 1;
    const found: number[] = [];
    for (let slot = fingerprint & mask; slots[2 * slot] !== 0; slot = (slot + 1) & mask) {
      const low = slots[2 * slot + 1] ?? 0;
      if (slots[2 * slot] === fingerprint && this.#isLive(low)) found.push(low);
    }
    return found;
  }

  #partitionOf(ids: Buffer, at: number): Partition {
    const index = partitionOf(this.#seed, ids.readUInt32LE(at), ids.readUInt32LE(at + LAST_WORD));
    const partition = this.#partitions[index];
    if (partition === undefined) throw new RangeError(`no partition ${index}`);
    return partition;
  }

  #fingerprint(ids: Buffer, at: number): number {
    const word = (n: number): number => ids.readUInt32LE(at + 4 * n);
    return fingerprintOf(this.#seed, word(0), word(1), word(2), word(3));
  }

  #rebuild(partition: Partition): void {
    const old = partition.slots;
    let live = 0;
    for (let i = 0; i < old.length; i += 2) if (old[i] !== 0 && this.#isLive(old[i + 1] ?? 0)) live += 1;
    // The same size again when sweeping made enough room.
    const size = slotsFor(live);
    partition.slots = new Uint32Array(2 * size);
    partition.used = 0;
    for (let i = 0; i < old.length; i += 2) {
      const low = old[i + 1] ?? 0;
      if (old[i] !== 0 && this.#isLive(low)) put(partition, old[i] ?? 0, low);
    }
  }
}

const partitionOf = (seed: number, first: number, last: number): number =>
  mix(first ^ mix(last ^ ~seed)) % PARTITIONS;

/** Of all sixteen bytes: an app whose ids differ in a few of them only must not make each look like any other. */
const fingerprintOf = (seed: number, a: number, b: number, c: number, d: number): number =>
  mix(d ^ mix(c ^ mix(b ^ mix(a ^ seed)))) || 1;

/** A counting sort: entries of one partition side by side, in the order of their ordinals. */
function sortByPartition(
  runs: readonly IdRun[],
  seed: number,
): { counts: Uint32Array; fingerprints: Uint32Array; ordinals: Float64Array } {
  const total = runs.reduce((sum, run) => sum + run.ids.length / EVENT_ID_BYTES, 0);
  const partitions = new Uint8Array(total);
  const hashes = new Uint32Array(total);
  const counts = new Uint32Array(PARTITIONS);
  let n = 0;
  for (const { ids } of runs) {
    const view = new DataView(ids.buffer, ids.byteOffset, ids.length);
    for (let at = 0; at < ids.length; at += EVENT_ID_BYTES, n += 1) {
      const first = view.getUint32(at, true);
      const last = view.getUint32(at + LAST_WORD, true);
      const partition = partitionOf(seed, first, last);
      partitions[n] = partition;
      counts[partition] = (counts[partition] ?? 0) + 1;
      hashes[n] = fingerprintOf(
        seed,
        first,
        view.getUint32(at + 4, true),
        view.getUint32(at + 8, true),
        last,
      );
    }
  }
  const next = new Uint32Array(PARTITIONS);
  for (let i = 1; i < PARTITIONS; i += 1) next[i] = (next[i - 1] ?? 0) + (counts[i - 1] ?? 0);
  const fingerprints = new Uint32Array(total);
  const ordinals = new Float64Array(total);
  n = 0;
  for (const { ids, firstOrdinal } of runs) {
    for (let i = 0; i < ids.length / EVENT_ID_BYTES; i += 1, n += 1) {
      const partition = partitions[n] ?? 0;
      const to = next[partition] ?? 0;
      next[partition] = to + 1;
      fingerprints[to] = hashes[n] ?? 0;
      ordinals[to] = firstOrdinal + i;
    }
  }
  return { counts, fingerprints, ordinals };
}

/** A power of two that so many entries fill to two thirds at most; a little spare for an uneven spread. */
function slotsFor(entries: number): number {
  let slots = FIRST_SLOTS;
  while (entries * 1.5 >= slots) slots *= 2;
  return slots;
}

function put(partition: Partition, fingerprint: number, low: number): boolean {
  const { slots } = partition;
  const mask = slots.length / 2 - 1;
  let seen = false;
  let slot = fingerprint & mask;
  while (slots[2 * slot] !== 0) {
    seen ||= slots[2 * slot] === fingerprint;
    slot = (slot + 1) & mask;
  }
  slots[2 * slot] = fingerprint;
  slots[2 * slot + 1] = low;
  partition.used += 1;
  return seen;
}
