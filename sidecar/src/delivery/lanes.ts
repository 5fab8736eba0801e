import type { Outbox, QueuedEvent } from '../outbox/index.ts';

/** An event on its way: leased from the outbox, in memory until it is settled, buried or released. */
export type Item = {
  event: QueuedEvent;
  /** Attempts that failed. */
  misses: number;
  /** Not to be tried before, monotonic ms. */
  dueMs: number;
  /** When the first attempt of this process went out, ms since the epoch. */
  firstAtMs?: number;
  /** Why the last attempt has to be repeated. */
  lastMiss?: string;
  /** An operator gave it up while it was in flight: whatever A8 answers, it is not ours any more. */
  discarded?: true;
};

export type LaneSource = Pick<Outbox, 'takeNew' | 'takeBacklog' | 'release'>;

/** Every so-manieth event comes from the backlog while there are new ones, too: live first, but the backlog moves. */
const BACKLOG_EVERY = 4;
const CHUNK = 64;
/** With so few left the next chunk is read, so that A8 never waits for our disk. */
const LOW = CHUNK / 2;
/** Waiting events hold memory (64 KiB each at most). More than this many failing one by one: A8 is ill, not they. */
const MAX_WAITING = 512;
/** How often the backlog is looked at while new events keep coming. */
const LOOK_EVERY_MS = 50;

/**
 * In which order events go out: new ones, then those whose wait after a miss is over, then the backlog from the disk,
 * oldest first; every fourth time the other way round. Holds leases; knows nothing of A8.
 */
export class Lanes {
  readonly #source: LaneSource;
  readonly #waiting = new Map<string, Item>();
  #backlog: QueuedEvent[] = [];
  #turn = 0;
  #mayHoldMore = true;
  #refilling = false;
  /** The last chunk was full: there is a backlog, not only a chance of one. */
  #goesOn = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(source: LaneSource) {
    this.#source = source;
  }

  /** Something was appended, replayed or released: the disk may hold more than we have seen. */
  more(): void {
    this.#mayHoldMore = true;
  }

  /** True when neither memory nor, as far as we know, the disk has anything to send. */
  get empty(): boolean {
    return !this.#mayHoldMore && !this.#refilling && this.#backlog.length === 0 && this.#waiting.size === 0;
  }

  /** Misses so far of an event that waits for its next attempt. */
  waiting(eventId: string): Item | undefined {
    return this.#waiting.get(eventId);
  }

  /** When the first waiting event is due; undefined when none waits. */
  get nextDueMs(): number | undefined {
    return this.#earliest()?.dueMs;
  }

  /**
   * The next event to send, or undefined when there is none right now (call `refill`).
   * @param ignoreDue a probe: events never tried before come first, so that one bad event cannot keep A8 looking ill.
   */
  take(nowMs: number, ignoreDue: boolean): Item | undefined {
    this.#turn += 1;
    const backlogFirst = this.#turn % BACKLOG_EVERY === 0;
    if (ignoreDue) return this.#takeNew() ?? this.#takeOld() ?? this.#takeWaiting(Number.POSITIVE_INFINITY);
    return backlogFirst
      ? (this.#takeWaiting(nowMs) ?? this.#takeOld() ?? this.#takeNew())
      : (this.#takeNew() ?? this.#takeWaiting(nowMs) ?? this.#takeOld());
  }

  /** Reads the next chunk of the backlog if there may be one. Resolves true when it is worth to `take` again. */
  async refill(nowMs: number, dry: boolean): Promise<boolean> {
    if (this.#refilling || !this.#mayHoldMore || this.#backlog.length > LOW) return false;
    if (this.#waiting.size >= MAX_WAITING) return false;
    if (!dry && !this.#goesOn && nowMs - this.#lookedAtMs < LOOK_EVERY_MS) return false;
    this.#refilling = true;
    this.#lookedAtMs = nowMs;
    this.#mayHoldMore = false;
    try {
      const chunk = await this.#source.takeBacklog(CHUNK);
      this.#backlog.push(...chunk);
      this.#goesOn = chunk.length === CHUNK;
      if (this.#goesOn) this.#mayHoldMore = true;
      // Something may have come to the disk while we read, when nobody else was allowed to look.
      return this.#backlog.length > 0 || this.#mayHoldMore;
    } catch (error) {
      this.#mayHoldMore = true;
      throw error;
    } finally {
      this.#refilling = false;
    }
  }

  /** Puts an event aside until `dueMs`; beyond the bound it goes back to the disk and comes again with the backlog. */
  wait(item: Item): void {
    if (this.#waiting.size < MAX_WAITING) this.#waiting.set(item.event.eventId, item);
    else this.release(item.event.eventId);
  }

  /** A8 is back: nobody needs to sit out a pause that was not about him. */
  dueNow(): void {
    for (const item of this.#waiting.values()) item.dueMs = 0;
  }

  /** Forgets an event that an operator discarded. */
  forget(eventId: string): void {
    this.#waiting.delete(eventId);
    this.#backlog = this.#backlog.filter((event) => event.eventId !== eventId);
  }

  release(eventId: string): void {
    this.#source.release([eventId]);
    this.more();
  }

  /** Gives every lease back, except those in flight. */
  releaseAll(): void {
    this.#source.release([...this.#waiting.keys(), ...this.#backlog.map((event) => event.eventId)]);
    this.#waiting.clear();
    this.#backlog = [];
    this.more();
  }

  #takeNew(): Item | undefined {
    return asItem(this.#source.takeNew(1)[0]);
  }

  #takeOld(): Item | undefined {
    return asItem(this.#backlog.shift());
  }

  #takeWaiting(nowMs: number): Item | undefined {
    const item = this.#earliest();
    if (!item || item.dueMs > nowMs) return undefined;
    this.#waiting.delete(item.event.eventId);
    return item;
  }

  #earliest(): Item | undefined {
    let earliest: Item | undefined;
    for (const item of this.#waiting.values()) if (!earliest || item.dueMs < earliest.dueMs) earliest = item;
    return earliest;
  }
}

function asItem(event: QueuedEvent | undefined): Item | undefined {
  return event && { event, misses: 0, dueMs: 0 };
}
