import { EVENT_ID_BYTES } from './event-id.ts';

const PARTITIONS = 256;
const FIRST_SLOTS = 64;
const FULL = 0.75;

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

  /** `expected`: so many entries fit without growing. */
  constructor(o: { seed: number; expected: number; isLive: (low: number) => boolean }) {
    this.#seed = o.seed >>> 0;
    this.#isLive = o.isLive;
    const slots = slotsFor(o.expected / PARTITIONS);
    for (let i = 0; i < PARTITIONS; i += 1)
      this.#partitions.push({ slots: new Uint32Array(2 * slots), used: 0 });
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
    const last = mix(ids.readUInt32LE(at + EVENT_ID_BYTES - 4) ^ ~this.#seed);
    const index = mix(ids.readUInt32LE(at) ^ last) % PARTITIONS;
    const partition = this.#partitions[index];
    if (partition === undefined) throw new RangeError(`no partition ${index}`);
    return partition;
  }

  /** Of all sixteen bytes: an app whose ids differ in a few of them only must not make each look like any other. */
  #fingerprint(ids: Buffer, at: number): number {
    let hash = this.#seed;
    for (let word = 0; word < EVENT_ID_BYTES; word += 4) hash = mix(ids.readUInt32LE(at + word) ^ hash);
    return hash || 1;
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
