import type { Clock } from '@scholar/runtime/clock';
import type { OutboxLog } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Finder, Found } from './finder.ts';
import type { Ledger, LedgerData } from './ledger.ts';
import { DamagedRecord, type RecordReader } from './record-reader.ts';
import { type Position, STATE } from './segment.ts';

export interface Reconciliation {
  clock: Clock;
  log: OutboxLog;
  catalogue: Catalogue;
  finder: Finder;
  reader: RecordReader;
  ledger: Ledger;
  letters: DeadLetters;
}

/** How many dead letters there should be, by the counts alone. */
export const expectedLetters = (o: {
  catalogue: Catalogue;
  ledger: Ledger;
  letters: DeadLetters;
}): number => {
  const { dropped, deadMoved, deadDiscarded } = o.ledger.data;
  return dropped.dead + o.catalogue.count(STATE.dead) - deadMoved - deadDiscarded - o.letters.moving.size;
};

/**
 * A letter is durable before its record is noted as dead, and a replayed event is durable in the log before its letter
 * is removed. A crash in between leaves both: the letter wins over the record that it was made from, a later record of
 * the same id wins over the letter.
 */
export async function reconcileLetters(o: Reconciliation): Promise<void> {
  for (const letter of await supersededLetters(o)) {
    o.letters.startMoving(letter.eventId);
    await closeLetter(o, letter, 'moved');
    o.log.info(
      { event_id: letter.eventId },
      'finished a replay that a crash had interrupted: its dead letter is removed',
    );
  }
}

/** Marks records as dead that a letter speaks for; answers the letters whose event the log carries again. */
export async function supersededLetters(
  o: Pick<Reconciliation, 'letters' | 'finder' | 'catalogue'>,
): Promise<{ eventId: string; sequence: number }[]> {
  const superseded: { eventId: string; sequence: number }[] = [];
  for (const [eventId, letter] of o.letters.entries) {
    const candidates = o.finder.candidates(eventId);
    if (candidates.every(({ segment, index }) => segment.state(index) === STATE.dead)) continue;
    const records = await o.finder.all(eventId);
    for (const { position, event } of records) {
      if (event.sequence === letter.sequence) o.catalogue.setState(position, STATE.dead, letter.buriedAt);
    }
    supersede(o.catalogue, records, letter);
    const newest = records[0]?.event.sequence ?? 0;
    if (newest > letter.sequence) superseded.push({ eventId, sequence: letter.sequence });
  }
  return superseded;
}

/**
 * Two queued records of one id: the earlier belongs to a batch that failed, reached the disk all the same, and was sent
 * again by its app; or it had been buried and replayed, and the note of its burial was lost.
 */
export async function reconcileRepeats(o: Reconciliation, repeats: readonly Position[]): Promise<void> {
  for (const repeat of repeats) {
    const eventId = await eventIdAt(o.reader, repeat);
    if (eventId === undefined) continue;
    const records = await o.finder.all(eventId);
    supersede(o.catalogue, records, { sequence: records[0]?.event.sequence ?? 0, buriedAt: o.clock.now() });
  }
}

/** Takes queued records (newest first) that came before `last` out of the queue: a later one carries the event. */
function supersede(
  catalogue: Catalogue,
  records: readonly Found[],
  last: { sequence: number; buriedAt: number },
): void {
  for (const [i, { position, event }] of records.entries()) {
    const { segment, index } = position;
    if (segment.state(index) !== STATE.queued || event.sequence >= last.sequence) continue;
    const next = records[i - 1]?.position;
    const wasBuried = next?.segment.isReplay(next.index) === true;
    catalogue.setState(position, wasBuried ? STATE.dead : STATE.moved, last.buriedAt);
  }
}

async function eventIdAt(reader: RecordReader, position: Position): Promise<string | undefined> {
  try {
    return (await reader.read(position)).eventId;
  } catch (error) {
    if (error instanceof DamagedRecord) return undefined;
    throw error;
  }
}

/** A letter that nobody counted (put back by hand, or the ledger was lost) counts from now on. */
export async function reconcileCounts(o: Reconciliation): Promise<void> {
  const surplus = o.letters.entries.size - expectedLetters(o);
  if (surplus <= 0) return;
  await o.ledger.change((data) => {
    data.dropped.dead += surplus;
    data.dropped.appended += surplus;
  });
}

/**
 * Notes the end of letters whose replay had reached the log when the ledger could not be written. Before such an event is
 * buried again, and before a segment is dropped: afterwards nothing would tell that the letter was replayed. Its file is
 * left to the step that owns the event, or to the next start.
 */
export async function noteMoved(
  o: { ledger: Ledger; letters: DeadLetters },
  eventId?: string,
): Promise<void> {
  for (const [id, sequence] of [...o.letters.moving]) {
    if (eventId === undefined || id === eventId) await noteClosed(o, { eventId: id, sequence }, 'moved');
  }
}

/** Removes a letter for good: the ledger first, the file second. `moved`: the log carries its event again. */
export async function closeLetter(
  o: { ledger: Ledger; letters: DeadLetters },
  letter: { eventId: string; sequence: number },
  as: 'moved' | 'discarded',
): Promise<void> {
  await noteClosed(o, letter, as);
  await o.letters.remove(letter.eventId);
}

function noteClosed(
  { ledger, letters }: { ledger: Ledger; letters: DeadLetters },
  { eventId, sequence }: { eventId: string; sequence: number },
  as: 'moved' | 'discarded',
): Promise<void> {
  const edit = (data: LedgerData): void => {
    // Two may want to note the same move; it counts once.
    if (as === 'moved' && !letters.moving.has(eventId)) return;
    if (as === 'moved') data.deadMoved += 1;
    else data.deadDiscarded += 1;
    const unfinished = data.closingLetters.filter((l) => letters.isRemoving(l.eventId, l.sequence));
    data.closingLetters = [...unfinished, { eventId, sequence }];
  };
  return ledger.change(edit, () => {
    letters.forget(eventId);
    letters.moved(eventId);
  });
}
