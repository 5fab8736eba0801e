import type { Clock } from '@scholar/runtime/clock';
import { recount } from './acknowledged.ts';
import type { LastDelivery, OutboxLog, OutboxStats } from './api.ts';
import { Catalogue } from './catalogue.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { EVENT_ID_BYTES, readEventId } from './event-id.ts';
import { Finder } from './finder.ts';
import { type Folder, indexPath, journalPath, segmentPath } from './folder.ts';
import { SEGMENT_HEADER_BYTES } from './format.ts';
import { encodeIndex } from './index-file.ts';
import { inRanges, Ledger } from './ledger.ts';
import { syncNames } from './make-folders.ts';
import { Quarantine } from './quarantine.ts';
import { decodeNote } from './receipt-note.ts';
import { reconcileCounts, reconcileLetters, reconcileRepeats } from './reconcile.ts';
import { RecordReader } from './record-reader.ts';
import { writeIndex } from './segment-writer.ts';
import { applySettlements, syncJournal } from './settle-journal.ts';
import { type FoundSegment, type Survey, surveyFolder } from './survey.ts';

export interface RecoveryOptions {
  disk: Disk;
  folder: Folder;
  clock: Clock;
  log: OutboxLog;
  session: OutboxStats['session'];
  /** For the hash of the id table. */
  seed: number;
}

export interface Recovered {
  catalogue: Catalogue;
  reader: RecordReader;
  finder: Finder;
  ledger: Ledger;
  letters: DeadLetters;
  quarantine: Quarantine;
  orphans: string[];
  missingSegments: number[];
  lastDelivery: LastDelivery | undefined;
  nextId: number;
  nextSequence: number;
  previousSegment: number;
}

/**
 * Makes the folder whole again after any crash, in this order:
 *   0 sync the names that are there · 1 finish removals that the ledger has decided · 2 cut the torn tail of the last segment, keep damaged ranges in
 *   quarantine, sync what was read without an index (a crashed process may have left it unsynced, and from now on we
 *   answer "duplicate" for it) · 3 apply settlements, and sync those that a person asked for · 4 let dead letters and repeated ids have their say.
 * Nothing else is removed. Running it twice changes nothing more.
 */
export async function recover(o: RecoveryOptions): Promise<Recovered> {
  await syncNames(o.disk, o.folder);
  const survey = await surveyFolder(o);
  const catalogue = new Catalogue(o.seed);
  const reader = new RecordReader(o);
  const quarantine = new Quarantine({ ...o, files: survey.quarantineFiles });
  const ledger = new Ledger({ ...o, data: survey.ledger });
  const letters = new DeadLetters({ ...o, letters: survey.letters });
  const finder = new Finder({ catalogue, reader });
  if (survey.ledgerDamaged) await keepDamagedLedger(o, quarantine);
  await finishRemovals(o, survey, letters);
  let last: LastNoted | undefined;
  for (const found of survey.segments) {
    await mend({ ...o, quarantine }, found, found === survey.segments.at(-1));
    if (found.summary.offsets.length === 0) continue;
    const segment = catalogue.adopt(found.summary);
    segment.indexBytes = found.indexBytes;
    const { binding, receipts, newest } = await applySettlements(o, catalogue, segment);
    if (newest !== undefined && newest.at >= (last?.at ?? 0))
      last = { ...newest, receipts, ids: found.summary.ids };
    if (binding) await syncJournal(o, segment);
    const { conservation: data } = ledger.data;
    if (data !== undefined) recount(segment, { receipts, ids: found.summary.ids, data });
  }
  const repeats = catalogue.learnIds();
  const all = { ...o, catalogue, finder, reader, ledger, letters };
  await reconcileLetters(all);
  await reconcileRepeats(all, repeats);
  await reconcileCounts(all);
  return {
    ...{ catalogue, reader, finder, ledger, letters, quarantine },
    orphans: [...survey.orphans, ...strayJournals(survey)],
    missingSegments: missingSegments(survey),
    lastDelivery: last && deliveryOf(last),
    ...nextNumbers(survey),
  };
}

type LastNoted = { index: number; at: number; receipts: readonly (Buffer | undefined)[]; ids: Buffer };

function deliveryOf({ index, receipts, ids }: LastNoted): LastDelivery | undefined {
  const note = receipts[index] && decodeNote(receipts[index]);
  return note && { eventId: readEventId(ids, index * EVENT_ID_BYTES), note };
}

async function keepDamagedLedger(
  { disk, folder, clock, log }: RecoveryOptions,
  quarantine: Quarantine,
): Promise<void> {
  const bytes = await disk.readFile(folder.ledger);
  const file = await quarantine.keep({
    segmentId: 0,
    offset: 0,
    bytes,
    reason: 'the ledger is damaged',
    at: clock.now(),
  });
  log.error({ file }, 'the ledger of the outbox is damaged: totals begin anew, no event is affected');
}

async function finishRemovals(
  { disk, folder }: RecoveryOptions,
  survey: Survey,
  letters: DeadLetters,
): Promise<void> {
  for (const id of survey.leftovers) await removeSegment(disk, folder, id);
  for (const id of survey.journals) {
    if (inRanges(survey.ledger.droppedSegments, id)) await disk.unlink(journalPath(folder, id));
  }
  for (const closing of survey.ledger.closingLetters) {
    if (letters.entries.get(closing.eventId)?.sequence === closing.sequence)
      await letters.remove(closing.eventId);
  }
}

async function removeSegment(disk: Disk, folder: Folder, id: number): Promise<void> {
  await disk.unlink(segmentPath(folder, id));
  await disk.unlink(indexPath(folder, id));
  await disk.unlink(journalPath(folder, id));
}

/** Cuts, copies to quarantine, syncs and indexes one segment; removes it when no record was ever in it. */
async function mend(
  o: RecoveryOptions & { quarantine: Quarantine },
  found: FoundSegment,
  isLast: boolean,
): Promise<void> {
  if (!found.scanned) return;
  const { summary } = found;
  const holdsNothing = summary.offsets.length === 0;
  if (holdsNothing && summary.fileBytes <= SEGMENT_HEADER_BYTES) {
    if (found.headerDamaged) o.session.tornBytes += summary.fileBytes;
    await removeSegment(o.disk, o.folder, summary.segmentId);
    return;
  }
  for (const { range, bytes } of found.damaged) {
    if (isLast && range === found.tail) continue;
    const reason =
      'no valid record begins here: damaged on disk, or part of a batch that was never acknowledged';
    const at = o.clock.now();
    const file = await o.quarantine.keep({
      segmentId: summary.segmentId,
      offset: range.from,
      bytes,
      reason,
      at,
    });
    o.log.error(
      { file, bytes: bytes.length },
      'a damaged stretch of the outbox is kept in quarantine; everything else goes on',
    );
  }
  await cutAndSync(o, found, isLast);
}

async function cutAndSync(o: RecoveryOptions, found: FoundSegment, isLast: boolean): Promise<void> {
  const { summary, tail } = found;
  const file = await o.disk.open(segmentPath(o.folder, summary.segmentId), 'update');
  try {
    if (isLast && tail !== undefined) {
      await file.truncate(tail.from);
      summary.fileBytes = tail.from;
      o.session.tornBytes += tail.to - tail.from;
      o.log.info(
        { segment: summary.segmentId, bytes: tail.to - tail.from },
        'cut the torn end of the last segment: it was never acknowledged',
      );
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const bytes = encodeIndex(summary);
  found.indexBytes = bytes.length;
  await writeIndex(o, summary.segmentId, bytes).catch((error: unknown) => {
    found.indexBytes = 0;
    o.log.warn(
      { err: error, segment: summary.segmentId },
      'no index for this segment: the next start will scan it again',
    );
  });
}

export const strayJournals = (survey: Survey): string[] => {
  const known = new Set(survey.segments.map((found) => found.summary.segmentId));
  const gone = (id: number): boolean => !known.has(id) && !inRanges(survey.ledger.droppedSegments, id);
  return survey.journals.filter(gone).map((id) => `settled/${String(id).padStart(16, '0')}.log`);
};

/** Each segment names the one before it that holds records: a name without a file that nobody dropped is a loss. */
export function missingSegments(survey: Survey): number[] {
  const known = new Set(survey.segments.map((found) => found.summary.segmentId));
  const named = survey.segments.map((found) => found.summary.previousSegment).filter((id) => id > 0);
  return named.filter((id) => !known.has(id) && !inRanges(survey.ledger.droppedSegments, id));
}

function nextNumbers(survey: Survey): { nextId: number; nextSequence: number; previousSegment: number } {
  let id = survey.ledger.droppedSegments.at(-1)?.[1] ?? 0;
  let sequence = survey.ledger.lastSequence;
  let previousSegment = 0;
  for (const { summary } of survey.segments) {
    id = Math.max(id, summary.segmentId);
    sequence = Math.max(sequence, summary.lastSequence);
    if (summary.offsets.length > 0) previousSegment = summary.segmentId;
  }
  for (const journal of survey.journals) id = Math.max(id, journal);
  for (const letter of survey.letters.values()) sequence = Math.max(sequence, letter.sequence);
  return { nextId: id + 1, nextSequence: sequence + 1, previousSegment };
}
