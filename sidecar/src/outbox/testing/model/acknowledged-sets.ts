import { digestOf, EMPTY_DIGEST, hashEventId, minuteNumber, type SetDigest } from '@scholar/contract';
import type { DeliveryNote, Outbox } from '../../api.ts';
import { noteOf } from '../outbox-bench.ts';
import type { Entry } from './entry.ts';

/** Some rows are those of a direct sender, and some events have another forwarder's row. */
const isOwnRow = (id: string): boolean => id.charCodeAt(id.length - 1) % 5 !== 0;
/** Of what is sent again, A8 has lost some rows: they come back under another minute. */
const isLost = (id: string): boolean => id.charCodeAt(id.length - 2) % 2 === 0;

/** The receipt of an A8 that keeps the first row of each id. */
export function receiptOf(id: string, entry: Entry, now: number): DeliveryNote {
  const duplicate = entry.row !== undefined;
  entry.row ??= new Date(now).toISOString();
  return {
    ...noteOf(now),
    receivedAt: entry.row,
    duplicate,
    ...(isOwnRow(id) ? { own: true } : {}),
  };
}

/** Before a counted id is offered again, or when it is looked for. @returns whether that could be seen */
export async function seeWhetherGone(outbox: Outbox, id: string, entry: Entry): Promise<boolean> {
  if (entry.countedGone) return true;
  const status = await outbox.get(id).catch(() => 'not read' as const);
  if (status === 'not read') return false;
  entry.countedGone = status === undefined || status.state === 'discarded';
  return true;
}

/** The event has left its minute, and goes out again. */
export function forgetReplayed(id: string, entry: Entry): void {
  if (entry.countedGone) return;
  entry.countedIn = undefined;
  if (isLost(id)) entry.row = undefined;
}

const setOf = (outbox: Outbox, minute: number): SetDigest => {
  const found = outbox.acknowledged().minutes.find((each) => each.minute === minute);
  return found === undefined ? EMPTY_DIGEST : { count: found.count, sum: found.sum };
};

/**
 * Settles, and sees what that did to the set of the row's minute: the id comes in, or nothing changes. The latter only for
 * rows of others, and for a duplicate, which may be in what was dropped.
 */
export function settleCounted(outbox: Outbox, o: { id: string; entry: Entry; note: DeliveryNote }): void {
  const { id, entry, note } = o;
  const minute = minuteNumber(note.receivedAt);
  const before = setOf(outbox, minute);
  outbox.settle(id, note);
  const after = setOf(outbox, minute);
  if (after.count === before.count && after.sum === before.sum) {
    if (note.own === true && !note.duplicate) throw new Error(`${id} is a new row and was not counted`);
    return;
  }
  if (after.count !== before.count + 1 || after.sum !== BigInt.asUintN(64, before.sum + hashEventId(id)))
    throw new Error(`settling ${id} did something else to its minute than to count it`);
  if (note.own !== true) throw new Error(`${id} is another's row and was counted`);
  // A replay that is under way may have taken it out already.
  if (entry.countedIn !== undefined && !entry.underway.includes('queued'))
    throw new Error(`${id} was counted twice`);
  entry.countedIn = minute;
}

/** The sets are those of the ids that were counted and have not left since, also of those whose segments are gone. */
export function checkSets(outbox: Outbox, entries: ReadonlyMap<string, Entry>): void {
  const expected = new Map<number, string[]>();
  for (const [id, { countedIn }] of entries)
    if (countedIn !== undefined) expected.set(countedIn, [...(expected.get(countedIn) ?? []), id]);
  const { minutes } = outbox.acknowledged();
  for (const { minute, count, sum } of minutes) {
    const set = digestOf(expected.get(minute) ?? []);
    if (set.count !== count || set.sum !== sum)
      throw new Error(`minute ${minute} has ${count} ids, not the ${set.count} that were counted`);
    expected.delete(minute);
  }
  if (expected.size > 0) throw new Error(`nothing is known of ${[...expected.keys()]}`);
}

/** All that are retained are named, and no others. */
export async function checkIds(outbox: Outbox, entries: ReadonlyMap<string, Entry>): Promise<void> {
  for (const { minute, count } of outbox.acknowledged().minutes) {
    const { eventIds, notRetained } = await outbox.acknowledgedIds(minute);
    for (const id of eventIds)
      if (entries.get(id)?.countedIn !== minute)
        throw new Error(`${id} is named for a minute that is not its`);
    for (const [id, { countedIn, countedGone }] of entries) {
      if (countedIn !== minute || countedGone || eventIds.includes(id)) continue;
      const state = (await outbox.get(id))?.state;
      if (state === 'delivered') throw new Error(`${id} is retained and not named`);
    }
    if (notRetained !== count - eventIds.length) throw new Error(`${notRetained} are said to be gone`);
  }
}
