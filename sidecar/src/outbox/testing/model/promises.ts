import type { Outbox, QueuedEvent } from '../../api.ts';
import { conserves } from '../../stats.ts';
import { checkIds, checkSets } from './acknowledged-sets.ts';
import type { Belief, Entry } from './entry.ts';

/** What the model believes when it looks. */
export interface Beliefs {
  entries: ReadonlyMap<string, Entry>;
  /** Events that were acknowledged as new. */
  acknowledged: number;
}

export function entryOf({ entries }: Pick<Beliefs, 'entries'>, id: string): Entry {
  const entry = entries.get(id);
  if (entry === undefined) throw new Error(`${id} was never submitted`);
  return entry;
}

/** An event is handed out with the bytes and the headers that it was accepted with. */
export function checkBytes(beliefs: Pick<Beliefs, 'entries'>, event: QueuedEvent): void {
  const entry = entryOf(beliefs, event.eventId);
  const body = event.body.toString();
  if (body !== entry.body && !entry.otherBodies.has(body))
    throw new Error(`${event.eventId} has other bytes`);
  if (event.headers['x-event-id'] !== event.eventId) throw new Error(`${event.eventId} has other headers`);
}

/** Appended is what was delivered, is queued, is dead or was discarded: at any moment, also between two writes. */
export function checkConservation(outbox: Outbox): void {
  const stats = outbox.stats();
  if (!conserves(stats)) throw new Error(`the totals do not add up: ${JSON.stringify(stats)}`);
}

/** Takes everything that is queued, checks every promise against it, and gives it back. Narrows what entries may be. */
export async function checkPromises(outbox: Outbox, beliefs: Beliefs): Promise<void> {
  const fresh = outbox.takeNew(10_000);
  const events = [...fresh, ...(await outbox.takeBacklog(10_000))];
  const queued = new Map(events.map((event) => [event.eventId, event]));
  if (queued.size !== events.length) throw new Error('an event was handed out twice');
  for (const event of events) checkBytes(beliefs, event);
  for (const [id, entry] of beliefs.entries) await checkOne(outbox, { id, entry, queued, beliefs });
  checkOrder(beliefs, queued);
  checkSets(outbox, beliefs.entries);
  await checkIds(outbox, beliefs.entries);
  checkTotals(outbox, { depth: events.length, acknowledged: beliefs.acknowledged });
  outbox.release(events.map((event) => event.eventId));
}

async function checkOne(
  outbox: Outbox,
  o: { id: string; entry: Entry; queued: Map<string, QueuedEvent>; beliefs: Beliefs },
): Promise<void> {
  const { id, entry, queued, beliefs } = o;
  const status = await outbox.get(id);
  const state: Belief = queued.has(id) ? 'queued' : (status?.state ?? 'absent');
  const mayBeForgotten = entry.may.has('delivered') || entry.may.has('discarded');
  const withDelivery = status?.inFlight === true && entry.may.has('queued');
  const forgotten = state === 'absent' || (state === 'discarded' && entry.wasGivenUp);
  if (!entry.may.has(state) && !(forgotten && mayBeForgotten) && !withDelivery) {
    throw new Error(`${id} is ${state}, promised: ${[...entry.may].join(' or ')}`);
  }
  // What a start has told once stands, over every later crash; only the note of a delivery is lazy.
  entry.afterRestart = new Set(state === 'delivered' ? ['delivered', 'queued'] : [state]);
  // The note of the delivery was lost, or a replay or a discard was under way.
  // Or the record that counted is dropped, and an earlier one of its id may be all that is left.
  const dropped = state === 'absent' || (state === 'discarded' && !entry.may.has('discarded'));
  entry.countedGone ||= dropped && entry.countedIn !== undefined;
  if (state !== 'delivered' && !entry.countedGone) entry.countedIn = undefined;
  if (state === 'absent') return;
  const stored = await outbox.read(id);
  if (stored === undefined) throw new Error(`${id} cannot be read`);
  checkBytes(beliefs, stored);
  // Other bytes may have been taken in the moment of the crash; once they are forgotten, the discarded ones are found again.
  entry.otherBodies.add(entry.body);
  entry.body = stored.body.toString();
  entry.may = new Set([state]);
}

function checkOrder(beliefs: Beliefs, queued: Map<string, QueuedEvent>): void {
  const bySequence = [...queued.values()].sort((a, b) => a.sequence - b.sequence);
  const orders = bySequence
    .map((event) => entryOf(beliefs, event.eventId).order)
    .filter((order) => order !== undefined);
  if (orders.some((order, i) => i > 0 && order < (orders[i - 1] ?? 0)))
    throw new Error('events have changed places');
}

function checkTotals(outbox: Outbox, o: { depth: number; acknowledged: number }): void {
  checkConservation(outbox);
  const stats = outbox.stats();
  if (stats.depth !== o.depth) throw new Error(`depth ${stats.depth}, but ${o.depth} were handed out`);
  if (stats.totals.appended < o.acknowledged) throw new Error('fewer appended than acknowledged');
  if (stats.totals.quarantined !== 0 || stats.totals.deadMissing !== 0)
    throw new Error('something is called lost');
  if (stats.missingSegments.length + stats.orphans.length > 0)
    throw new Error(`strange files ${stats.orphans}`);
}
