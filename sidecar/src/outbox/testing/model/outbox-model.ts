import type { EventState, NewEvent, Outbox, QueuedEvent } from '../api.ts';
import { EventIdConflict, OutboxFailed, UnknownEvent } from '../errors.ts';
import { conserves } from '../stats.ts';
import { eventOf, idOf, noteOf, OutboxBench } from './outbox-bench.ts';
import { SimulatedDisk } from './simulated-disk.ts';

type Belief = EventState | 'absent';

interface Entry {
  body: string;
  /** Bytes that were offered under its id while it was being discarded: such an event is a new one. */
  otherBody?: string;
  /** How often it was accepted anew. */
  renewals: number;
  /** What it may be now. */
  may: Set<Belief>;
  /** What it may be besides after a restart. */
  afterRestart: Set<Belief>;
  /** Where steps that have not ended yet would take it. */
  underway: Belief[];
  /** Order of submission; undefined once it was replayed. */
  order: number | undefined;
}

export type Action =
  | { do: 'append'; count: number; size: number; fault: Fault }
  | { do: 'again'; which: number; same: boolean }
  | {
      do: 'deliver';
      limit: number;
      fresh: boolean;
      fate: ('settle' | 'bury' | 'release' | 'keep')[];
      fault: Fault;
    }
  | { do: 'discard' | 'replay' | 'patch'; which: number; fault: Fault }
  | { do: 'wait'; ms: number }
  | { do: 'restart'; how: 'crash' | 'kill' | 'close'; meanwhile: Action[]; turns: number };

export type Fault = 'none' | 'write' | 'sync' | 'full' | 'folder' | 'rename';

/** Bounds so small that every action meets the end of a segment, of the memory lane, of a batch. */
export const SMALL = {
  segmentBytes: 300,
  retainBytes: 1500,
  retainMs: 60_000,
  freshBytes: 2500,
  batchBytes: 400,
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the outbox has promised so far, and the checks of those promises. */
export class OutboxModel {
  readonly bench: OutboxBench;
  readonly entries = new Map<string, Entry>();
  #outbox: Outbox | undefined;
  #next = 1;
  #acknowledged = 0;

  constructor(chance: () => number) {
    this.bench = new OutboxBench(new SimulatedDisk(chance));
  }

  async start(): Promise<void> {
    this.#outbox = await this.bench.open(SMALL);
  }

  async stop(): Promise<void> {
    await this.outbox.close();
  }

  get outbox(): Outbox {
    if (this.#outbox === undefined) throw new Error('start the model first');
    return this.#outbox;
  }

  async run(action: Action): Promise<void> {
    if (action.do === 'wait') {
      this.bench.clock.time += action.ms;
      for (let i = 0; i < 30; i += 1) await turn();
    } else if (action.do === 'restart') await this.#restart(action);
    else await Promise.all(this.#begin(action));
  }

  /** Starts an action without waiting for its end. */
  #begin(action: Action): Promise<void>[] {
    if ('fault' in action) this.#arm(action.fault);
    if (action.do === 'append') return Array.from({ length: action.count }, () => this.#append(action.size));
    if (action.do === 'again')
      return this.#withOne(action.which, (id, entry) => this.#again(id, entry, action.same));
    if (action.do === 'deliver') return [this.#deliver(action)];
    if (action.do === 'discard') return this.#withOne(action.which, (id, entry) => this.#discard(id, entry));
    if (action.do === 'replay') return this.#withOne(action.which, (id, entry) => this.#replay(id, entry));
    if (action.do === 'patch') return this.#withOne(action.which, (id, entry) => this.#patch(id, entry));
    return [];
  }

  /** The next call of one kind fails. */
  #arm(fault: Fault): void {
    const { disk } = this.bench;
    const once = <T>(value: T) => {
      let left = 1;
      return (): T | undefined => (left-- > 0 ? value : undefined);
    };
    disk.faults = {};
    if (fault === 'write') disk.faults.write = once({ code: 'EIO', written: 70 });
    if (fault === 'full') disk.faults.write = once({ code: 'ENOSPC', written: 33 });
    if (fault === 'sync') disk.faults.sync = once('EIO');
    if (fault === 'folder') disk.faults.syncDir = once('EIO');
    if (fault === 'rename') disk.faults.rename = once('EIO');
  }

  #withOne(which: number, step: (id: string, entry: Entry) => Promise<void>): Promise<void>[] {
    const ids = [...this.entries.keys()];
    const id = ids[which % Math.max(1, ids.length)];
    const entry = id === undefined ? undefined : this.entries.get(id);
    return id === undefined || entry === undefined ? [] : [step(id, entry)];
  }

  #fresh(size: number): { event: NewEvent; entry: Entry } {
    const n = this.#next++;
    const body = `{"n":${n},"pad":"${'x'.repeat(size)}"}`;
    const entry: Entry = {
      body,
      may: new Set(['absent']),
      afterRestart: new Set(['queued']),
      underway: [],
      renewals: 0,
      order: n,
    };
    this.entries.set(idOf(n), entry);
    return { event: eventOf(n, body), entry };
  }

  async #append(size: number): Promise<void> {
    const { event, entry } = this.#fresh(size);
    await this.#offer(event, entry);
  }

  async #offer(event: NewEvent, entry: Entry): Promise<boolean> {
    entry.afterRestart.add('queued');
    try {
      const { outcome } = await this.outbox.append(event);
      if (outcome === 'duplicate') return false;
      this.#acknowledged += 1;
      entry.renewals += 1;
      entry.may = new Set(['queued']);
      return true;
    } catch (error) {
      if (error instanceof OutboxFailed) return false;
      throw error;
    }
  }

  async #again(id: string, entry: Entry, same: boolean): Promise<void> {
    const template = eventOf(0, same ? entry.body : '{"other":1}');
    const event = { ...template, eventId: id, headers: { ...template.headers, 'x-event-id': id } };
    const mayBeNew =
      [...entry.may].some((state) => ['absent', 'discarded'].includes(state)) || entry.may.has('delivered');
    if (!same && mayBeNew) return;
    entry.order = undefined;
    if (same) {
      const appended = await this.#offer(
        { ...event, headers: { ...event.headers, 'x-event-id': id } },
        entry,
      );
      if (appended && !mayBeNew) throw new Error(`${id} was appended twice`);
      return;
    }
    const mayBeDiscarded = (): boolean => entry.underway.includes('discarded') || entry.may.has('discarded');
    // A discard that is under way, or begins while we wait, makes room for other bytes.
    entry.otherBody = event.body.toString();
    entry.order = undefined;
    entry.underway.push('queued');
    try {
      await this.outbox.append(event);
      if (!mayBeDiscarded()) throw new Error(`${id} was taken with other bytes`);
      entry.body = event.body.toString();
      entry.renewals += 1;
      this.#settleOn(entry, 'queued');
    } catch (error) {
      if (!(error instanceof EventIdConflict) && !(error instanceof OutboxFailed)) throw error;
    } finally {
      entry.underway.splice(entry.underway.indexOf('queued'), 1);
    }
  }

  async #deliver(action: Extract<Action, { do: 'deliver' }>): Promise<void> {
    const events = action.fresh
      ? this.outbox.takeNew(action.limit)
      : await this.outbox.takeBacklog(action.limit);
    for (const [i, event] of events.entries()) {
      this.#checkBytes(event);
      const fate = action.fate[i % action.fate.length];
      if (fate === 'settle') this.#settle(event.eventId);
      if (fate === 'release') this.outbox.release([event.eventId]);
      if (fate === 'bury') await this.#bury(event.eventId);
    }
  }

  #settle(id: string): void {
    const entry = this.#entry(id);
    this.outbox.settle(id, noteOf(this.bench.clock.now()));
    entry.may = new Set(['delivered']);
    // The note is lazy.
    entry.afterRestart.add('queued').add('delivered');
  }

  async #bury(id: string): Promise<void> {
    const bury = (): Promise<void> => this.outbox.bury(id, { class: 'contract', problem: { id } });
    await this.#step(this.#entry(id), 'dead', bury);
  }

  async #discard(id: string, entry: Entry): Promise<void> {
    await this.#step(entry, 'discarded', () => this.outbox.discard(id));
  }

  async #replay(id: string, entry: Entry): Promise<void> {
    // Even a replay that fails may have reached the log.
    entry.order = undefined;
    await this.#step(entry, 'queued', () => this.outbox.replay(id));
  }

  async #patch(id: string, entry: Entry): Promise<void> {
    const { event, entry: fresh } = this.#fresh(3);
    fresh.order = undefined;
    entry.underway.push('discarded');
    const worked = await this.#tried(this.outbox.replay(id, event));
    entry.underway.splice(entry.underway.indexOf('discarded'), 1);
    entry.afterRestart.add('discarded');
    if (!worked) return;
    this.#acknowledged += 1;
    this.#settleOn(fresh, 'queued');
    // A dead original is closed by now, a delivered one stays what it is.
    if ((await this.outbox.get(id))?.state === 'discarded') this.#settleOn(entry, 'discarded');
  }

  /** Runs one step that takes the event to `target` if it works; if not, a restart may still find it there. */
  async #step(entry: Entry, target: Belief, run: () => Promise<unknown>): Promise<boolean> {
    entry.underway.push(target);
    const { renewals } = entry;
    const worked = await this.#tried(run());
    entry.underway.splice(entry.underway.indexOf(target), 1);
    // A8 may have taken an event while it was being discarded: then it is delivered, whatever we wanted.
    const delivered = target === 'discarded' && entry.may.has('delivered');
    const overtaken = delivered || entry.renewals > renewals;
    if (worked && !overtaken) this.#settleOn(entry, target);
    else entry.afterRestart.add(target);
    return worked;
  }

  /** A durable step: nothing else is possible from now on, except that a delivered event may be forgotten. */
  #settleOn(entry: Entry, state: Belief): void {
    entry.may = new Set([state]);
    entry.afterRestart = new Set([state]);
  }

  async #tried(step: Promise<unknown>): Promise<boolean> {
    try {
      await step;
      return true;
    } catch (error) {
      if (error instanceof OutboxFailed || error instanceof UnknownEvent) return false;
      throw error;
    }
  }

  async #restart(action: Extract<Action, { do: 'restart' }>): Promise<void> {
    if (action.how === 'close') await this.outbox.close();
    else {
      const broken = action.meanwhile.flatMap((step) => this.#begin(step));
      for (const step of broken) step.catch(() => undefined);
      for (let i = 0; i < action.turns; i += 1) await turn();
      if (action.how === 'crash') this.bench.disk.crash();
      else this.bench.disk.kill();
    }
    this.bench.disk.faults = {};
    for (const entry of this.entries.values()) {
      if (entry.may.has('delivered') && action.how !== 'close') entry.may.add('queued');
      for (const state of [...entry.afterRestart, ...entry.underway]) entry.may.add(state);
      entry.underway = [];
    }
    this.#outbox = await this.bench.open(SMALL);
    await this.check();
  }

  /** Every promise, checked against what the outbox holds now. */
  async check(): Promise<void> {
    const fresh = this.outbox.takeNew(10_000);
    const events = [...fresh, ...(await this.outbox.takeBacklog(10_000))];
    const queued = new Map(events.map((event) => [event.eventId, event]));
    if (queued.size !== events.length) throw new Error('an event was handed out twice');
    for (const event of events) this.#checkBytes(event);
    for (const [id, entry] of this.entries) await this.#checkOne(id, entry, queued);
    this.#checkOrder(queued);
    this.outbox.release(events.map((event) => event.eventId));
    this.#checkTotals(queued.size);
  }

  async #checkOne(id: string, entry: Entry, queued: Map<string, QueuedEvent>): Promise<void> {
    const status = await this.outbox.get(id);
    const state: Belief = queued.has(id) ? 'queued' : (status?.state ?? 'absent');
    const mayBeForgotten = entry.may.has('delivered') || entry.may.has('discarded');
    if (
      !entry.may.has(state) &&
      !(state === 'absent' && mayBeForgotten) &&
      !queuedByAnother(status?.inFlight, entry)
    ) {
      throw new Error(`${id} is ${state}, promised: ${[...entry.may].join(' or ')}`);
    }
    if (state === 'absent') return;
    const stored = await this.outbox.read(id);
    if (stored === undefined) throw new Error(`${id} cannot be read`);
    this.#checkBytes(stored);
    entry.may = new Set([state]);
  }

  #checkBytes(event: QueuedEvent): void {
    const entry = this.#entry(event.eventId);
    if (![entry.body, entry.otherBody].includes(event.body.toString()))
      throw new Error(`${event.eventId} has other bytes`);
    if (event.headers['x-event-id'] !== event.eventId) throw new Error(`${event.eventId} has other headers`);
  }

  #checkOrder(queued: Map<string, QueuedEvent>): void {
    const bySequence = [...queued.values()].sort((a, b) => a.sequence - b.sequence);
    const orders = bySequence
      .map((event) => this.#entry(event.eventId).order)
      .filter((order) => order !== undefined);
    if (orders.some((order, i) => i > 0 && order < (orders[i - 1] ?? 0)))
      throw new Error('events have changed places');
  }

  #checkTotals(depth: number): void {
    const stats = this.outbox.stats();
    if (!conserves(stats)) throw new Error(`the totals do not add up: ${JSON.stringify(stats)}`);
    if (stats.depth !== depth) throw new Error(`depth ${stats.depth}, but ${depth} were handed out`);
    if (stats.totals.appended < this.#acknowledged) throw new Error('fewer appended than acknowledged');
    if (stats.totals.quarantined !== 0 || stats.totals.deadMissing !== 0)
      throw new Error('something is called lost');
    if (stats.missingSegments.length + stats.orphans.length > 0)
      throw new Error(`strange files ${stats.orphans}`);
  }

  #entry(id: string): Entry {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new Error(`${id} was never submitted`);
    return entry;
  }
}

/** Still leased by a delivery of this process that has kept it. */
const queuedByAnother = (inFlight: boolean | undefined, entry: Entry): boolean =>
  inFlight === true && entry.may.has('queued');
