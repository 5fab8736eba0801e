import type { NewEvent, Outbox } from '../../api.ts';
import { EventIdConflict, OutboxFailed, OutboxFull, UnknownEvent } from '../../errors.ts';
import { eventOf, idOf, OutboxBench } from '../outbox-bench.ts';
import { SimulatedDisk } from '../simulated-disk.ts';
import { checkSets, forgetReplayed, receiptOf, seeWhetherGone, settleCounted } from './acknowledged-sets.ts';
import type { Action, Restart } from './actions.ts';
import { armFault } from './arm-fault.ts';
import { type Belief, believeAfterRestart, type Entry, newEntry, settleOn } from './entry.ts';
import { eraseEvent } from './erase-event.ts';
import { checkBytes, checkConservation, checkPromises, entryOf } from './promises.ts';

/** Bounds so small that every action meets the end of a segment, of the memory lane, of a batch. */
const SMALL = {
  segmentBytes: 300,
  retainBytes: 1500,
  retainMs: 60_000,
  freshBytes: 2500,
  batchBytes: 400,
};
/** A quota that a life reaches: then settled segments go early, and events are refused. */
const TIGHT = { ...SMALL, maxBytes: 5000 };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An outbox on a simulated disk, and beside it what it has promised so far. promises.ts compares the two. */
export class OutboxModel {
  readonly bench: OutboxBench;
  readonly entries = new Map<string, Entry>();
  readonly #options: typeof SMALL;
  #outbox: Outbox | undefined;
  readonly #tight: boolean;
  #next = 1;
  #actions = 0;
  acknowledged = 0;

  constructor(o: { chance: () => number; tight: boolean }) {
    this.bench = new OutboxBench(new SimulatedDisk(o.chance));
    this.#tight = o.tight;
    this.#options = o.tight ? TIGHT : SMALL;
  }

  async start(): Promise<void> {
    this.#outbox = await this.bench.open(this.#options);
  }

  async stop(): Promise<void> {
    await this.outbox.close();
  }

  get outbox(): Outbox {
    if (this.#outbox === undefined) throw new Error('start the model first');
    return this.#outbox;
  }

  async run(action: Action): Promise<void> {
    this.#actions += 1;
    if (action.do === 'wait') {
      this.bench.clock.time += action.ms;
      for (let i = 0; i < 30; i += 1) await this.#look();
    } else if (action.do === 'restart') await this.#restart(action);
    else {
      const steps = this.#begin(action);
      // Awaited below; one that fails while we look is not unhandled.
      for (const step of steps) step.catch(() => undefined);
      for (let i = 0; i < 5; i += 1) await this.#look();
      await Promise.all(steps);
      checkConservation(this.outbox);
      checkSets(this.outbox, this.entries);
    }
  }

  async #look(): Promise<void> {
    await turn();
    checkConservation(this.outbox);
  }

  /** Starts an action without waiting for its end. */
  #begin(action: Action): Promise<void>[] {
    if ('fault' in action) armFault(this.bench.disk, action.fault);
    if (action.do === 'append') return Array.from({ length: action.count }, () => this.#append(action.size));
    if (action.do === 'again')
      return this.#withOne(action.which, (id, entry) => this.#again(id, entry, action.same));
    if (action.do === 'deliver') return [this.#deliver(action)];
    if (action.do === 'discard') return this.#withOne(action.which, (id, entry) => this.#discard(id, entry));
    if (action.do === 'replay') return this.#withOne(action.which, (id, entry) => this.#replay(id, entry));
    if (action.do === 'erase')
      return this.#withOne(action.which, (id, entry) => eraseEvent(this.outbox, { id, entry, run: tried }));
    if (action.do === 'patch') return this.#withOne(action.which, (id, entry) => this.#patch(id, entry));
    return [];
  }

  #withOne(which: number, step: (id: string, entry: Entry) => Promise<void>): Promise<void>[] {
    const ids = [...this.entries.keys()];
    const id = ids[which % Math.max(1, ids.length)];
    return id === undefined ? [] : [step(id, entryOf(this, id))];
  }

  #fresh(size: number): { event: NewEvent; entry: Entry } {
    const n = this.#next++;
    const body = `{"n":${n},"pad":"${'x'.repeat(size)}"}`;
    // Of events that come together, one that waits for room is overtaken by one that fits.
    const entry = newEntry(body, this.#tight ? this.#actions : n);
    this.entries.set(idOf(n), entry);
    return { event: eventOf(n, body), entry };
  }

  async #append(size: number): Promise<void> {
    const { event, entry } = this.#fresh(size);
    await this.#offer(event, entry);
  }

  async #offer(event: NewEvent, entry: Entry): Promise<boolean> {
    entry.underway.push('queued');
    try {
      const { outcome, state } = await this.outbox.append(event);
      if (outcome === 'duplicate') {
        // Acknowledged by way of another copy: from now on it must be there.
        if (entry.may.has('absent')) entry.may = new Set([state]);
        return false;
      }
      this.acknowledged += 1;
      entry.renewals += 1;
      entry.may = new Set(['queued']);
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    } finally {
      entry.underway.splice(entry.underway.indexOf('queued'), 1);
      // Also a batch that failed may have reached the log.
      entry.afterRestart.add('queued');
    }
  }

  async #again(id: string, entry: Entry, same: boolean): Promise<void> {
    const other = entry.body === '{"other":1}' ? '{"other":2}' : '{"other":1}';
    const template = eventOf(0, same ? entry.body : other);
    const event = { ...template, eventId: id, headers: { ...template.headers, 'x-event-id': id } };
    const mayBeNew =
      [...entry.may].some((state) => ['absent', 'discarded'].includes(state)) || entry.may.has('delivered');
    if (!same && mayBeNew) return;
    if (entry.countedIn !== undefined && !(await seeWhetherGone(this.outbox, id, entry))) return;
    entry.order = undefined;
    if (same) {
      const appended = await this.#offer(event, entry);
      if (appended && !mayBeNew) throw new Error(`${id} was appended twice`);
      // Its record may have been dropped since we looked.
      entry.countedGone ||= appended && entry.countedIn !== undefined;
      return;
    }
    const mayBeDiscarded = (): boolean => entry.underway.includes('discarded') || entry.may.has('discarded');
    // A discard that is under way, or begins while we wait, makes room for other bytes.
    entry.otherBodies.add(event.body.toString());
    entry.underway.push('queued');
    try {
      await this.outbox.append(event);
      if (!mayBeDiscarded()) throw new Error(`${id} was taken with other bytes`);
      entry.body = event.body.toString();
      entry.renewals += 1;
      settleOn(entry, 'queued');
    } catch (error) {
      if (!(error instanceof EventIdConflict) && !isRefusal(error)) throw error;
    } finally {
      entry.underway.splice(entry.underway.indexOf('queued'), 1);
    }
  }

  async #deliver(action: Extract<Action, { do: 'deliver' }>): Promise<void> {
    const events = action.fresh
      ? this.outbox.takeNew(action.limit)
      : await this.outbox.takeBacklog(action.limit);
    for (const [i, event] of events.entries()) {
      checkBytes(this, event);
      const fate = action.fate[i % action.fate.length];
      if (fate === 'settle') this.#settle(event.eventId);
      if (fate === 'release') this.outbox.release([event.eventId]);
      if (fate === 'bury') await this.#bury(event.eventId);
    }
  }

  #settle(id: string): void {
    const entry = entryOf(this, id);
    const note = receiptOf(id, entry, this.bench.clock.now());
    settleCounted(this.outbox, { id, entry, note });
    entry.may = new Set(['delivered']);
    entry.deliveries += 1;
    // The note is lazy.
    entry.afterRestart.add('queued').add('delivered');
  }

  async #bury(id: string): Promise<void> {
    const bury = (): Promise<void> => this.outbox.bury(id, { class: 'contract', problem: { id } });
    await this.#step(entryOf(this, id), 'dead', bury);
  }

  async #discard(id: string, entry: Entry): Promise<void> {
    await this.#step(entry, 'discarded', () => this.outbox.discard(id));
  }

  async #replay(id: string, entry: Entry): Promise<void> {
    // Even a replay that fails may have reached the log.
    entry.order = undefined;
    const { deliveries } = entry;
    const worked = await this.#step(entry, 'queued', () => this.outbox.replay(id));
    if (worked && entry.deliveries === deliveries) forgetReplayed(id, entry);
  }

  async #patch(id: string, entry: Entry): Promise<void> {
    const { event, entry: fresh } = this.#fresh(3);
    fresh.order = undefined;
    entry.underway.push('discarded');
    const worked = await tried(this.outbox.replay(id, event));
    entry.underway.splice(entry.underway.indexOf('discarded'), 1);
    entry.afterRestart.add('discarded');
    if (!worked) return;
    // Offered at the same moment by its own name, it counts once.
    if (fresh.renewals === 0) this.acknowledged += 1;
    fresh.renewals += 1;
    settleOn(fresh, 'queued');
    // A dead original is closed by now, and forgotten if its segment was dropped; a delivered one stays what it is.
    const status = await this.outbox.get(id).catch(() => 'not read' as const);
    if (status === 'not read') entry.may.add('discarded');
    else if ((status?.state ?? 'discarded') === 'discarded') settleOn(entry, 'discarded');
  }

  /** Runs one step that takes the event to `target` if it works; if not, a restart may still find it there. */
  async #step(entry: Entry, target: Belief, run: () => Promise<unknown>): Promise<boolean> {
    entry.underway.push(target);
    entry.wasGivenUp ||= target === 'dead' || target === 'discarded';
    const { renewals, deliveries } = entry;
    const worked = await tried(run());
    entry.underway.splice(entry.underway.indexOf(target), 1);
    // A8 may have taken an event while it was being discarded or replayed: then it is delivered, whatever we wanted.
    const overtaken = entry.deliveries > deliveries || entry.renewals > renewals;
    if (worked && !overtaken) settleOn(entry, target);
    else entry.afterRestart.add(target);
    return worked;
  }

  async #restart(action: Restart): Promise<void> {
    if (action.how === 'close') await this.outbox.close();
    else {
      const broken = action.meanwhile.flatMap((step) => this.#begin(step));
      await this.#endAfter(action, broken);
    }
    this.bench.disk.faults = {};
    for (const entry of this.entries.values()) believeAfterRestart(entry, action.how === 'close');
    for (const falseStart of action.falseStarts) {
      armFault(this.bench.disk, falseStart.fault);
      await this.#endAfter(falseStart, [this.bench.open(this.#options)]);
      for (const entry of this.entries.values()) believeAfterRestart(entry, false);
    }
    await this.start();
    await checkPromises(this.outbox, this);
  }

  /** Lets what was begun run for some turns, then ends the process or the machine. */
  async #endAfter(
    { turns, how }: { turns: number; how: Restart['how'] },
    begun: Promise<unknown>[],
  ): Promise<void> {
    for (const step of begun) step.catch(() => undefined);
    for (let i = 0; i < turns; i += 1) await turn();
    if (how === 'crash') this.bench.disk.crash();
    else this.bench.disk.kill();
  }
}

/** The disk failed, or the quota is used up: nothing was promised. */
const isRefusal = (error: unknown): boolean => error instanceof OutboxFailed || error instanceof OutboxFull;

async function tried(step: Promise<unknown>): Promise<boolean> {
  try {
    await step;
    return true;
  } catch (error) {
    if (isRefusal(error) || error instanceof UnknownEvent) return false;
    throw error;
  }
}
