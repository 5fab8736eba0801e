import type { QueuedEvent } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import { FreshLane } from './fresh-lane.ts';
import { CHUNK_BYTES, DamagedRecord, type RecordReader } from './record-reader.ts';
import { FRESH, LEASED, type Position, STATE } from './segment.ts';

export interface Lease {
  position: Position;
  event: QueuedEvent;
}

/**
 * Hands queued events out, each to one taker at a time. A queued record is in exactly one of three places:
 *   fresh    in the new lane, bytes in memory
 *   leased   with delivery, until it is settled, buried, discarded or released
 *   backlog  neither: found on disk by a cursor that runs from the oldest to the newest
 * fresh → leased (takeNew), fresh → backlog (pushed out), backlog → leased (takeBacklog), leased → backlog (release).
 * What falls back behind the cursor moves the cursor back.
 */
export class Lanes {
  readonly #catalogue: Catalogue;
  readonly #reader: RecordReader;
  readonly #onDamage: (damage: DamagedRecord) => Promise<void>;
  readonly #fresh: FreshLane;
  readonly #leases = new Map<string, Lease>();
  /** Ordinal from which on the backlog has not been looked at. */
  #cursor = 0;

  constructor(o: LanesOptions) {
    this.#catalogue = o.catalogue;
    this.#reader = o.reader;
    this.#onDamage = o.onDamage;
    this.#fresh = new FreshLane({
      maxBytes: o.freshBytes,
      onEvicted: (position) => this.#toBacklog(position, FRESH),
    });
  }

  get inFlight(): number {
    return this.#leases.size;
  }

  lease(eventId: string): Lease | undefined {
    return this.#leases.get(eventId);
  }

  /** A record that has just become durable. */
  admit(position: Position, event: QueuedEvent): void {
    position.segment.setFlag(position.index, FRESH, true);
    this.#fresh.push({ position, event });
  }

  takeNew(limit: number): QueuedEvent[] {
    const taken: QueuedEvent[] = [];
    while (taken.length < limit) {
      const fresh = this.#fresh.shift();
      if (fresh === undefined) break;
      const { segment, index } = fresh.position;
      segment.setFlag(index, FRESH, false);
      if (segment.state(index) !== STATE.queued) continue;
      if (this.#leases.has(fresh.event.eventId)) continue;
      this.#grant(fresh);
      taken.push(fresh.event);
    }
    return taken;
  }

  async takeBacklog(limit: number): Promise<QueuedEvent[]> {
    const taken: QueuedEvent[] = [];
    while (taken.length < limit) {
      const run = this.#nextRun(limit - taken.length);
      if (run.length === 0) break;
      taken.push(...(await this.#readRun(run)));
    }
    return taken;
  }

  release(eventId: string): void {
    const lease = this.#leases.get(eventId);
    if (lease === undefined) return;
    this.#leases.delete(eventId);
    this.#toBacklog(lease.position, LEASED);
  }

  /** An erasure has given these events, queued or not, other bytes of the same length. */
  rewrite(changed: ReadonlyMap<string, Pick<QueuedEvent, 'headers' | 'body'>>): void {
    for (const { event } of [...this.#leases.values(), ...this.#fresh.entries()]) {
      Object.assign(event, changed.get(event.eventId));
    }
  }

  /** The event has left the queue. */
  forget(eventId: string, position: Position): void {
    this.#leases.delete(eventId);
    position.segment.setFlag(position.index, LEASED, false);
  }

  /** A settled record is queued again: the backlog must find it. */
  revive(position: Position): void {
    this.#toBacklog(position, LEASED);
  }

  #grant(lease: Lease): void {
    lease.position.segment.setFlag(lease.position.index, LEASED, true);
    this.#leases.set(lease.event.eventId, lease);
  }

  #toBacklog({ segment, index }: Position, flag: number): void {
    segment.setFlag(index, flag, false);
    this.#cursor = Math.min(this.#cursor, segment.firstOrdinal + index);
  }

  /** Leases the next records that one read can bring, so that no other taker gets them meanwhile. */
  #nextRun(limit: number): Position[] {
    const first = this.#catalogue.nextTakeable(this.#cursor);
    if (first === undefined) return [];
    const { segment } = first;
    const run: Position[] = [];
    const from = segment.offset(first.index);
    let index = first.index;
    while (index >= 0 && run.length < limit) {
      if (run.length > 0 && segment.nextOffset(index) - from > CHUNK_BYTES) break;
      run.push({ segment, index });
      index = segment.nextTakeable(index + 1);
    }
    for (const position of run) segment.setFlag(position.index, LEASED, true);
    this.#cursor = segment.firstOrdinal + (run.at(-1)?.index ?? 0) + 1;
    return run;
  }

  async #readRun(run: readonly Position[]): Promise<QueuedEvent[]> {
    const segment = run[0]?.segment;
    if (segment === undefined) return [];
    const indexes = run.map((position) => position.index);
    let { rewrites } = segment;
    let results = await this.#reader.run(segment, indexes);
    while (rewrites !== segment.rewrites) {
      ({ rewrites } = segment);
      results = await this.#reader.run(segment, indexes);
    }
    const events: QueuedEvent[] = [];
    for (const [i, result] of results.entries()) {
      const position = run[i];
      if (position === undefined) continue;
      if (result instanceof DamagedRecord) {
        segment.setFlag(position.index, LEASED, false);
        await this.#onDamage(result);
      } else if (segment.state(position.index) !== STATE.queued || this.#leases.has(result.eventId)) {
        // Discarded while it was being read, or two records of one id: the later one is with delivery already.
        segment.setFlag(position.index, LEASED, false);
      } else {
        this.#grant({ position, event: result });
        events.push(result);
      }
    }
    return events;
  }
}

export interface LanesOptions {
  catalogue: Catalogue;
  reader: RecordReader;
  freshBytes: number;
  /** Must take the record out of the queue, or the backlog would meet it again and again. */
  onDamage: (damage: DamagedRecord) => Promise<void>;
}
