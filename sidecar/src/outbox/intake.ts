import type { Appended, EventState, NewEvent, QueuedEvent } from './api.ts';
import type { DeadLetters } from './dead-letters.ts';
import { EventIdConflict, OutboxFull } from './errors.ts';
import { canonicalEventId } from './event-id.ts';
import type { Finder } from './finder.ts';
import { MAX_RECORD_BYTES, RECORD_KIND, type RecordKind, recordLength } from './format.ts';
import type { GroupCommit } from './group-commit.ts';
import { encodeHeaders } from './header-block.ts';
import { type Position, type RecordState, STATE } from './segment.ts';
import type { RecordToWrite } from './segment-writer.ts';
import type { Space } from './space.ts';

/** A record under way, with what delivery will need of it. */
export interface Arrival extends RecordToWrite {
  headers: Record<string, string>;
}

interface Underway {
  arrival: Arrival;
  durable: Promise<Position>;
}

const STATE_NAMES: Record<RecordState, EventState | undefined> = {
  [STATE.queued]: 'queued',
  [STATE.delivered]: 'delivered',
  [STATE.dead]: 'dead',
  [STATE.discarded]: 'discarded',
  [STATE.quarantined]: 'quarantined',
  [STATE.moved]: undefined,
};

/** Of an event that has no dead letter: a dead record whose letter is gone was given up. undefined: a later record speaks. */
export const stateWithoutLetter = (state: RecordState): EventState | undefined =>
  state === STATE.dead ? 'discarded' : STATE_NAMES[state];

/** Decides about each event that wants in: new, known, in conflict, or too much; and hands the new ones to the writer. */
export class Intake {
  readonly #o: IntakeOptions;
  readonly #underway = new Map<string, Underway>();

  constructor(o: IntakeOptions) {
    this.#o = o;
  }

  async append(event: NewEvent): Promise<Appended> {
    const arrival = toArrival(event, RECORD_KIND.accepted);
    for (;;) {
      if (this.#o.isOccupied(arrival.eventId)) await this.#o.unoccupied(arrival.eventId);
      const before = this.#underway.get(arrival.eventId);
      if (before !== undefined) return this.#join(before, arrival);
      const candidates = this.#o.finder.candidates(arrival.eventId).length;
      if (candidates > 0 || this.#o.letters.has(arrival.eventId)) {
        const known = await this.#judgeKnown(arrival);
        if (known !== undefined) return known;
        // While we read, another copy may have come in, or a discard of this one have begun.
        if (this.#o.isOccupied(arrival.eventId) || this.#underway.has(arrival.eventId)) continue;
        if (this.#o.finder.candidates(arrival.eventId).length !== candidates) continue;
      }
      if (this.#o.space.fits(sizeOf(arrival))) break;
      await this.#makeRoom(sizeOf(arrival));
    }
    await this.#write(arrival);
    return { outcome: 'appended', state: 'queued', acceptedAt: arrival.acceptedAt };
  }

  /** Puts an event that was counted before into the log again. @throws OutboxFull, OutboxFailed */
  async requeue(event: NewEvent): Promise<Position> {
    const arrival = toArrival(event, RECORD_KIND.replayed);
    if (!this.#o.space.fits(sizeOf(arrival))) await this.#makeRoom(sizeOf(arrival));
    return this.#write(arrival);
  }

  #write(arrival: Arrival): Promise<Position> {
    const { space, commit } = this.#o;
    space.reserve(sizeOf(arrival));
    const durable = commit.submit(arrival).finally(() => {
      space.unreserve(sizeOf(arrival));
      this.#underway.delete(arrival.eventId);
    });
    this.#underway.set(arrival.eventId, { arrival, durable });
    return durable;
  }

  /** A second copy is acknowledged only once the first is durable, and fails with it. */
  async #join(before: Underway, offered: Arrival): Promise<Appended> {
    await before.durable;
    if (!this.#o.sameContent(before.arrival.body, offered.body))
      throw new EventIdConflict(offered.eventId, 'queued');
    return { outcome: 'duplicate', state: 'queued', acceptedAt: before.arrival.acceptedAt };
  }

  async #judgeKnown(offered: Arrival): Promise<Appended | undefined> {
    const stored = await this.#stored(offered.eventId);
    if (stored === undefined) return undefined;
    if (!this.#o.sameContent(stored.event.body, offered.body))
      throw new EventIdConflict(offered.eventId, stored.state);
    return { outcome: 'duplicate', state: stored.state, acceptedAt: stored.event.acceptedAt };
  }

  async #stored(eventId: string): Promise<{ state: EventState; event: QueuedEvent } | undefined> {
    const lease = this.#o.leased(eventId);
    if (lease !== undefined) return { state: 'queued', event: lease };
    const letter = await this.#o.letters.read(eventId);
    if (letter !== undefined) return { state: 'dead', event: letter };
    const found = await this.#o.finder.newest(eventId);
    const state = found && stateWithoutLetter(found.position.segment.state(found.position.index));
    // A discarded event may be sent again: it is a new one then.
    return found === undefined || state === undefined || state === 'discarded'
      ? undefined
      : { state, event: found.event };
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { space } = this.#o;
    await this.#o.makeRoom(bytes);
    if (!space.fits(bytes)) throw new OutboxFull({ usedBytes: space.usedBytes, maxBytes: this.#o.maxBytes });
  }
}

const sizeOf = (record: RecordToWrite): number => recordLength(record.headerBlock.length, record.body.length);

function toArrival(event: NewEvent, kind: RecordKind): Arrival {
  const eventId = canonicalEventId(event.eventId);
  const headerBlock = encodeHeaders(event.headers, eventId);
  const { headers, body } = event;
  const arrival = { kind, eventId, headerBlock, headers, body, acceptedAt: 0, sequence: 0 };
  if (sizeOf(arrival) > MAX_RECORD_BYTES)
    throw new TypeError(`an event must not exceed ${MAX_RECORD_BYTES} bytes`);
  return arrival;
}

export interface IntakeOptions {
  commit: GroupCommit;
  finder: Finder;
  letters: DeadLetters;
  space: Space;
  maxBytes: number;
  sameContent: (stored: Buffer, offered: Buffer) => boolean;
  /** Is a step of this event waiting for the disk? Its outcome decides whether the id is free. */
  isOccupied: (eventId: string) => boolean;
  unoccupied: (eventId: string) => Promise<void> | undefined;
  leased: (eventId: string) => QueuedEvent | undefined;
  /** Drops settled segments, the active one too if need be. */
  makeRoom: (bytes: number) => Promise<void>;
}
