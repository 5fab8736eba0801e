import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Tracer } from '@scholar/runtime/tracing';
import type { Outbox } from '../outbox/index.ts';
import { Alarm } from './alarm.ts';
import { Announcer } from './announcer.ts';
import { attempt } from './attempt.ts';
import { Conclusions } from './conclusions.ts';
import type { Destination } from './destination.ts';
import type { DestinationSource } from './destination-source.ts';
import { type Item, Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import { DeliveryMachine } from './machine.ts';
import { DISK_RETRY_MS, type Pacing } from './pacing.ts';
import type { Sender } from './sender.ts';
import { Waiters } from './waiters.ts';

export type DeliveryDeps = {
  outbox: Outbox;
  sender: Sender;
  destination: DestinationSource;
  pacing: Pacing;
  clock: Clock;
  random: () => number;
  log: Logger;
  ledger: Ledger;
  tracer: Tracer;
};

export type Progress = {
  attempts: number;
  /** When the next attempt is due, monotonic ms. */
  dueMs: number | undefined;
  /** When the first attempt went out, ms since the epoch. */
  firstAtMs: number | undefined;
  /** Why the last one has to be repeated: as in `forwarder_retries_total`, with the code of a socket. */
  lastMiss: string | undefined;
};

const STOP_POLL_MS = 10;

/**
 * The one loop between the outbox and A8. `#pump` runs after everything that could matter (an append, an outcome, the
 * alarm, a new key) and fills the places that the machine allows. Nothing here forgets an event: it is settled by a
 * receipt, buried by a contract refusal, or stays in the outbox.
 */
export class Delivery {
  readonly machine: DeliveryMachine;
  readonly waiters = new Waiters();
  readonly #deps: DeliveryDeps;
  readonly #lanes: Lanes;
  readonly #alarm: Alarm;
  readonly #announcer: Announcer;
  readonly #conclusions: Conclusions;
  readonly #inFlight = new Map<string, Item>();
  readonly #running = new Set<Promise<void>>();
  #unsubscribe: () => void = () => {};
  #stopped = true;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
    this.#lanes = new Lanes(deps.outbox);
    this.#alarm = new Alarm(deps.clock, () => this.#pump());
    this.#announcer = new Announcer(deps.log, () => deps.clock.monotonic());
    this.machine = new DeliveryMachine({
      pacing: deps.pacing,
      random: deps.random,
      onTransition: (transition) => {
        this.#deps.ledger.holding(this.machine.hold?.reason);
        this.#announcer.transition(transition);
      },
    });
    const { machine, waiters } = this;
    const parts = { lanes: this.#lanes, announcer: this.#announcer };
    this.#conclusions = new Conclusions({ ...deps, machine, waiters, ...parts });
  }

  start(): void {
    this.#stopped = false;
    this.#unsubscribe = this.#deps.outbox.onQueued(() => {
      this.#lanes.more();
      this.#pump();
    });
    this.#deps.destination.onChange(() => {
      this.machine.destinationChanged(this.#deps.clock.monotonic());
      this.#lanes.dueNow();
      this.#pump();
    });
    this.#pump();
  }

  /** Looks now instead of at the next retry or probe. */
  drain(): void {
    this.machine.probeNow(this.#deps.clock.monotonic());
    this.#lanes.dueNow();
    this.#lanes.more();
    this.#pump();
  }

  /** Nothing waits, nothing is in flight. */
  get idle(): boolean {
    return this.#inFlight.size === 0 && this.#lanes.empty;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** What delivery knows about one event that is still owed; since this process took it from the disk. */
  progress(eventId: string): Progress {
    const flying = this.#inFlight.get(eventId);
    const item = flying ?? this.#lanes.waiting(eventId);
    return {
      attempts: (item?.misses ?? 0) + (flying ? 1 : 0),
      dueMs: flying ? undefined : item?.dueMs,
      firstAtMs: item?.firstAtMs,
      lastMiss: item?.lastMiss,
    };
  }

  /** When the next attempt may go out, monotonic ms; undefined when it may now, or when nothing is waited for. */
  get nextAttemptMs(): number | undefined {
    return this.machine.notBeforeMs ?? (this.#inFlight.size === 0 ? this.#lanes.nextDueMs : undefined);
  }

  /** An operator gives an event up. @throws UnknownEvent */
  async discard(eventId: string): Promise<void> {
    await this.#deps.outbox.discard(eventId);
    this.#lanes.forget(eventId);
    const flying = this.#inFlight.get(eventId);
    if (flying) flying.discarded = true;
    this.#pump();
  }

  /**
   * One bounded attempt to deliver what is left, then gives every lease back. A8 that is away or refuses us ends it at
   * once: what is on the disk goes out after the next start.
   */
  async stop(): Promise<{ delivered: number }> {
    const { clock, pacing, ledger, sender, destination } = this.#deps;
    const before = ledger.totals.delivered;
    const deadlineMs = clock.monotonic() + pacing.drainMs;
    this.drain();
    while (!this.#finished() && clock.monotonic() < deadlineMs) await clock.sleep(STOP_POLL_MS);
    this.#stopped = true;
    this.#unsubscribe();
    this.#alarm.set(undefined);
    destination.close();
    await sender.close();
    await Promise.allSettled(this.#running);
    this.#lanes.releaseAll();
    return { delivered: ledger.totals.delivered - before };
  }

  #finished(): boolean {
    if (this.#inFlight.size > 0) return false;
    return this.machine.state === 'retrying' || this.machine.state === 'held' || this.#lanes.empty;
  }

  #pump(): void {
    if (this.#stopped) return;
    const nowMs = this.#deps.clock.monotonic();
    const destination = this.#judgeDestination(nowMs);
    const gate = this.machine.gate(nowMs);
    let dry = false;
    for (let free = gate.slots - this.#inFlight.size; free > 0 && destination.ok && !dry; free -= 1) {
      const item = this.#lanes.take(nowMs, gate.ignoreDue);
      if (item) this.#launch(item, destination);
      else dry = true;
    }
    if (gate.slots > 0) this.#refill(nowMs, dry);
    if (this.idle && dry) this.machine.emptied();
    this.#alarm.set(gate.slots > 0 ? (gate.ignoreDue ? undefined : this.#lanes.nextDueMs) : gate.wakeAtMs);
  }

  #judgeDestination(nowMs: number): Destination {
    const destination = this.#deps.destination.current();
    if (!destination.ok && this.machine.hold?.reason !== destination.reason) {
      const { reason, detail } = destination;
      this.machine.held({ reason, detail, round: this.machine.round, nowMs });
    }
    return destination;
  }

  #refill(nowMs: number, dry: boolean): void {
    this.#lanes.refill(nowMs, dry).then(
      (more) => {
        if (more) this.#pump();
        else if (this.idle) this.machine.emptied();
      },
      (error: unknown) => {
        this.#announcer.disk(error, 'reading the backlog');
        this.#alarm.set(this.#deps.clock.monotonic() + DISK_RETRY_MS);
      },
    );
  }

  #launch(item: Item, destination: Extract<Destination, { ok: true }>): void {
    this.machine.queued();
    this.#inFlight.set(item.event.eventId, item);
    const running = this.#run(item, destination);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #run(item: Item, destination: Extract<Destination, { ok: true }>): Promise<void> {
    const { sender, clock, tracer } = this.#deps;
    const { forwarderId } = this.#deps.outbox;
    const { round } = this.machine;
    item.firstAtMs ??= clock.now();
    const attempted = await attempt({ event: item.event, destination, sender, forwarderId, clock, tracer });
    const { eventId } = item.event;
    try {
      await this.#conclusions.conclude(item, attempted, round);
    } catch (error) {
      // Whatever it was, the event is still on the disk: it comes again with the backlog.
      this.#announcer.disk(error, 'noting an outcome');
      this.#lanes.release(eventId);
    }
    this.#inFlight.delete(eventId);
    this.#pump();
  }
}
