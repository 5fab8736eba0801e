import type {
  AcknowledgedIds,
  AcknowledgedSets,
  Appended,
  Burial,
  DeadLetter,
  DeliveryNote,
  EventStatus,
  EventSummary,
  LastDelivery,
  NewEvent,
  Outbox,
  OutboxHealth,
  OutboxStats,
  QueuedEvent,
} from './api.ts';
import { eraseEvents } from './erase.ts';
import type { Eraser, Erasure } from './erase-api.ts';
import { EventIdConflict, io, OutboxClosed, OutboxFailed, UnknownEvent } from './errors.ts';
import { canonicalEventId } from './event-id.ts';
import { stateWithoutLetter } from './intake.ts';
import { listEvents } from './listing.ts';
import type { Parts } from './parts.ts';
import { closeLetter, noteMoved } from './reconcile.ts';
import { type Position, STATE } from './segment.ts';
import { describeOutbox } from './stats.ts';

/** No event id: erasures follow each other, and a close waits for the one under way. */
const ERASURE = 'erasure';

/**
 * One event's life, and what makes each step durable:
 *   (new) → queued        append: its record, behind the sync of its batch
 *   queued → delivered    settle: a note, lazily; lost in a crash, the event is sent again and A8 knows it
 *   queued → dead         bury: the letter in dead/
 *   queued → discarded    discard: a note, synced
 *   delivered → queued    replay: a note, synced
 *   dead → queued         replay: a record of kind 2, then the ledger, then the letter is removed
 *   dead → discarded      discard, or replay with other bytes: the ledger, then the letter is removed
 * Steps of one event never overlap: those that wait for the disk hold its id (steps.ts).
 */
export class LogOutbox implements Outbox {
  readonly #p: Parts;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#p = parts;
  }

  async append(event: NewEvent): Promise<Appended> {
    if (this.#closing !== undefined) throw new OutboxClosed();
    return this.#p.intake.append(event);
  }

  takeNew(limit: number): QueuedEvent[] {
    return this.#p.lanes.takeNew(limit);
  }

  takeBacklog(limit: number): Promise<QueuedEvent[]> {
    return this.#p.lanes.takeBacklog(limit);
  }

  release(eventIds: readonly string[]): void {
    for (const id of eventIds) this.#p.lanes.release(id);
  }

  settle(eventId: string, note: DeliveryNote): void {
    const lease = this.#p.lanes.lease(eventId);
    if (lease === undefined) throw new UnknownEvent(eventId, 'settled');
    const kept = this.#p.acknowledged.add(lease.position, eventId, note);
    this.#p.moveTo(lease.position, STATE.delivered, kept);
    this.#p.lanes.forget(eventId, lease.position);
  }

  bury(eventId: string, burial: Burial): Promise<void> {
    return this.#alone(eventId, async () => {
      const { lanes, letters, clock, space } = this.#p;
      const lease = lanes.lease(eventId);
      if (lease === undefined) throw new UnknownEvent(eventId, 'buried');
      await io('closing a dead letter', noteMoved(this.#p, eventId));
      const buried = (): void => {
        this.#p.moveTo(lease.position, STATE.dead);
        lanes.forget(eventId, lease.position);
      };
      await io(
        'writing a dead letter',
        letters.put({ ...lease.event, buriedAt: clock.now() }, burial, buried),
      );
      space.recount();
    });
  }

  discard(eventId: string): Promise<void> {
    return this.#alone(eventId, async (id) => {
      const letter = this.#p.letters.entries.get(id);
      if (letter !== undefined) {
        await this.#rememberBurial(id);
        await io('discarding', closeLetter(this.#p, { eventId: id, sequence: letter.sequence }, 'discarded'));
        return;
      }
      const position = this.#p.lanes.lease(id)?.position ?? (await this.#find(id, STATE.queued));
      if (position === undefined) throw new UnknownEvent(id, 'discarded');
      await this.#note(position, STATE.discarded);
      this.#p.lanes.forget(id, position);
      await io('discarding', this.#p.letters.clear(id));
    });
  }

  replay(eventId: string, as?: NewEvent): Promise<{ eventId: string }> {
    return this.#alone(eventId, async (id) => {
      if (as !== undefined && canonicalEventId(as.eventId) === id) throw new EventIdConflict(id, 'dead');
      const letter = this.#p.letters.entries.get(id);
      if (letter !== undefined) return this.#replayDead({ eventId: id, sequence: letter.sequence }, as);
      return this.#replayDelivered(id, as);
    });
  }

  async get(eventId: string): Promise<EventStatus | undefined> {
    const id = canonicalEventId(eventId);
    const { letters, lanes, finder, journal } = this.#p;
    const letter = await letters.read(id);
    if (letter !== undefined) {
      const { class: cls, problem, attempts, buriedAt } = letter;
      const burial = { class: cls, problem, ...(attempts === undefined ? {} : { attempts }), buriedAt };
      return { eventId: id, state: 'dead', acceptedAt: letter.acceptedAt, inFlight: false, burial };
    }
    const lease = lanes.lease(id);
    const found = lease ?? (await finder.newest(id));
    const state = found && stateWithoutLetter(found.position.segment.state(found.position.index));
    if (found === undefined || state === undefined) return undefined;
    const status = { eventId: id, state, acceptedAt: found.event.acceptedAt, inFlight: lease !== undefined };
    const delivery = state === 'delivered' ? await journal.delivery(found.position) : undefined;
    return delivery === undefined ? status : { ...status, delivery };
  }

  async read(eventId: string): Promise<QueuedEvent | undefined> {
    const id = canonicalEventId(eventId);
    const lease = this.#p.lanes.lease(id);
    if (lease !== undefined) return lease.event;
    return (await this.#p.letters.read(id)) ?? (await this.#p.finder.newest(id))?.event;
  }

  deadLetter(eventId: string): Promise<DeadLetter | undefined> {
    return this.#p.letters.read(canonicalEventId(eventId));
  }

  list(query: { state: 'queued' | 'delivered' | 'dead'; limit: number }): Promise<EventSummary[]> {
    return listEvents(this.#p, query);
  }

  get lastDelivery(): LastDelivery | undefined {
    return this.#p.lastDelivery;
  }

  get forwarderId(): string {
    return this.#p.acknowledged.forwarderId;
  }

  acknowledged(): AcknowledgedSets {
    return this.#p.acknowledged.sets();
  }

  acknowledgedIds(minute: number): Promise<AcknowledgedIds> {
    return this.#p.acknowledged.ids(minute);
  }

  erase(eraser: Eraser, { dryRun }: { dryRun: boolean }): Promise<Erasure> {
    if (this.#closing !== undefined) throw new OutboxClosed();
    const discard = (eventId: string): Promise<void> => this.discard(eventId);
    return this.#p.steps.alone(ERASURE, () => eraseEvents(this.#p, eraser, { dryRun, discard }));
  }

  stats(): OutboxStats {
    return describeOutbox(this.#p);
  }

  health(): OutboxHealth {
    if (this.#closing !== undefined) return { ok: false, detail: 'the outbox is closed' };
    return this.#p.failure.detail === undefined
      ? { ok: true }
      : { ok: false, detail: this.#p.failure.detail };
  }

  onQueued(listener: () => void): () => void {
    this.#p.listeners.add(listener);
    return () => this.#p.listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { commit, writer, journal, unlock, stop, space, steps } = this.#p;
    stop.abort();
    await commit.close();
    await steps.idle();
    await writer.seal().catch(() => undefined);
    await writer.settled();
    await journal.close();
    await space.close();
    await unlock().catch(() => undefined);
  }

  async #replayDead(
    letter: { eventId: string; sequence: number },
    as?: NewEvent,
  ): Promise<{ eventId: string }> {
    const { letters, intake } = this.#p;
    const stored = await letters.read(letter.eventId);
    if (stored === undefined) throw new UnknownEvent(letter.eventId, 'replayed');
    await this.#rememberBurial(letter.eventId);
    if (as !== undefined) {
      await intake.append(as);
      await io('closing a dead letter', closeLetter(this.#p, letter, 'discarded'));
      return { eventId: canonicalEventId(as.eventId) };
    }
    await intake.requeue(stored);
    await io('closing a dead letter', closeLetter(this.#p, letter, 'moved'));
    return { eventId: letter.eventId };
  }

  async #replayDelivered(eventId: string, as?: NewEvent): Promise<{ eventId: string }> {
    const position = await this.#find(eventId, STATE.delivered);
    if (position === undefined || position.segment.dropping) throw new UnknownEvent(eventId, 'replayed');
    if (as !== undefined) {
      await this.#p.intake.append(as);
      return { eventId: canonicalEventId(as.eventId) };
    }
    const receipt = await this.#p.journal.delivery(position);
    if (position.segment.dropping) throw new UnknownEvent(eventId, 'replayed');
    const takeBack = this.#p.acknowledged.remove(position, eventId, receipt);
    await this.#note(position, STATE.queued, receipt).catch((error: unknown) => {
      takeBack();
      throw error;
    });
    this.#p.lanes.revive(position);
    this.#p.wake();
    return { eventId };
  }

  async #find(eventId: string, state: (typeof STATE)['queued' | 'delivered']): Promise<Position | undefined> {
    const found = await this.#p.finder.newest(eventId);
    return found?.position.segment.state(found.position.index) === state ? found.position : undefined;
  }

  /** Changes the state at once and makes the note durable; on an error the change is taken back. */
  async #note(
    position: Position,
    to: (typeof STATE)['queued' | 'discarded'],
    receipt?: DeliveryNote,
  ): Promise<void> {
    const from = position.segment.state(position.index);
    this.#p.moveTo(position, to);
    try {
      await this.#p.journal.writeNow(position.segment);
    } catch (error) {
      this.#p.moveTo(position, from, receipt);
      throw new OutboxFailed('writing a settlement', error);
    }
  }

  /** The notes of burials are lazy because the letter speaks for them: before it goes, they must be durable. */
  async #rememberBurial(eventId: string): Promise<void> {
    for (const position of this.#p.finder.candidates(eventId)) {
      if (position.segment.state(position.index) !== STATE.dead) continue;
      this.#p.journal.note(position, { state: STATE.dead, at: this.#p.clock.now() });
      await io('writing a settlement', this.#p.journal.writeNow(position.segment));
    }
  }

  #alone<T>(eventId: string, step: (id: string) => Promise<T>): Promise<T> {
    const id = canonicalEventId(eventId);
    return this.#p.steps.alone(id, () => step(id));
  }
}
