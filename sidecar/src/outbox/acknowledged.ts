import { CONSERVATION_HOURS, hashEventId, hashIdBytes, minuteNumber } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { AcknowledgedIds, AcknowledgedSets, DeliveryNote } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import { EVENT_ID_BYTES } from './event-id.ts';
import type { Conservation, Ledger, LedgerData } from './ledger.ts';
import { MinuteDigests } from './minute-digests.ts';
import { type OwnReceipt, ownReceipt } from './receipt-note.ts';
import { DamagedRecord, type RecordReader } from './record-reader.ts';
import { type Position, type Segment, STATE } from './segment.ts';
import type { SettleJournal } from './settle-journal.ts';

const AT_ONCE = 64;

export interface AcknowledgedOptions {
  catalogue: Catalogue;
  ledger: Ledger;
  journal: SettleJournal;
  reader: RecordReader;
  clock: Clock;
}

/**
 * Which ids A8 has acknowledged, by the minute of their row: only those whose row came from this folder. Each segment keeps
 * the set of its own delivered records, made of its settle journal by a start; the ledger keeps what dropped segments held.
 * A segment moves from the one to the other in the very change that drops it, so that no crash counts an id twice, or not.
 */
export class Acknowledged {
  readonly #o: AcknowledgedOptions;

  constructor(o: AcknowledgedOptions) {
    this.#o = o;
  }

  /** Stable as long as the folder is; told to A8 with each event. */
  get forwarderId(): string {
    return this.#data.forwarderId;
  }

  get #data(): Conservation {
    const { conservation } = this.#o.ledger.data;
    if (conservation === undefined) throw new Error('the folder has no identity');
    return conservation;
  }

  /**
   * Counts a delivery, if its row is our own. @returns the receipt as it is to be noted.
   * An id that comes again after its first record was dropped is in the ledger's set already. No ids are kept there: so a
   * duplicate whose minute the ledger knows is left out, rather than perhaps counted twice, which would look like a loss.
   */
  add({ segment }: Position, eventId: string, note: DeliveryNote): DeliveryNote {
    const { own, ...rest } = note;
    const minute = minuteNumber(note.receivedAt);
    if (own !== true || Number.isNaN(minute)) return rest;
    if (note.duplicate && this.#data.minutes.some(([known]) => known === minute)) return rest;
    segment.acknowledged.add(minute, { count: 1, sum: hashEventId(eventId) });
    return note;
  }

  /** An event that goes out again: its row may get another minute. @returns how to take that back */
  remove({ segment }: Position, eventId: string, note: DeliveryNote | undefined): () => void {
    if (note?.own !== true || note.deliveredAt < this.#data.createdAt) return () => undefined;
    const minute = minuteNumber(note.receivedAt);
    const one = { count: 1, sum: hashEventId(eventId) };
    segment.acknowledged.remove(minute, one);
    return () => segment.acknowledged.add(minute, one);
  }

  sets(): AcknowledgedSets {
    const since = completeSince(this.#data, this.#o.clock.now());
    const all = this.#all();
    all.forgetBefore(since);
    return { since, minutes: all.entries().map(([minute, set]) => ({ minute, ...set })) };
  }

  /** @throws OutboxFailed */
  async ids(minute: number): Promise<AcknowledgedIds> {
    const { count } = this.#all().of(minute);
    const eventIds: string[] = [];
    for (const segment of [...this.#o.catalogue.segments])
      if (segment.acknowledged.of(minute).count > 0) eventIds.push(...(await this.#idsIn(segment, minute)));
    return { eventIds: eventIds.sort(), notRetained: Math.max(0, count - eventIds.length) };
  }

  #all(): MinuteDigests {
    const all = MinuteDigests.decode(this.#data.minutes);
    for (const { acknowledged } of this.#o.catalogue.segments) all.addAll(acknowledged);
    return all;
  }

  async #idsIn(segment: Segment, minute: number): Promise<string[]> {
    const receipts = await this.#o.journal.receipts(segment);
    const wanted: number[] = [];
    for (const [index, note] of receipts.entries()) {
      const receipt = note && ownReceipt(note);
      if (isCounted(receipt, this.#data) && minuteNumber(receipt.receivedAt) === minute) wanted.push(index);
    }
    const ids: string[] = [];
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const events = await this.#o.reader.run(segment, wanted.slice(at, at + AT_ONCE));
      for (const event of events) if (!(event instanceof DamagedRecord)) ids.push(event.eventId);
    }
    return ids;
  }
}

/** What was settled under an earlier identity of the folder is no row of this one. */
const isCounted = (receipt: OwnReceipt | undefined, { createdAt }: Conservation): receipt is OwnReceipt =>
  receipt !== undefined && receipt.deliveredAt >= createdAt;

const completeSince = ({ since }: Conservation, now: number): number =>
  Math.max(since, minuteNumber(now) - CONSERVATION_HOURS * 60);

/** A start: the set of one segment, of the last note about each of its records; `ids` has 16 bytes for each. */
export function recount(
  segment: Segment,
  o: { receipts: readonly (Buffer | undefined)[]; ids: Buffer; data: Conservation },
): void {
  for (const [index, note] of o.receipts.entries()) {
    const receipt = note && ownReceipt(note);
    if (!isCounted(receipt, o.data) || segment.state(index) !== STATE.delivered) continue;
    const id = o.ids.subarray(index * EVENT_ID_BYTES, (index + 1) * EVENT_ID_BYTES);
    segment.acknowledged.add(minuteNumber(receipt.receivedAt), { count: 1, sum: hashIdBytes(id) });
  }
}

/** The part of a drop that keeps the sets of what is dropped; pure but for `data`. */
export function carryOver(data: LedgerData, dropped: readonly Segment[], now: number): void {
  const { conservation } = data;
  if (conservation === undefined) return;
  const minutes = MinuteDigests.decode(conservation.minutes);
  for (const { acknowledged } of dropped) minutes.addAll(acknowledged);
  conservation.since = completeSince(conservation, now);
  minutes.forgetBefore(conservation.since);
  conservation.minutes = minutes.encode();
  conservation.delivered = data.dropped.delivered;
}
