import type { DeadLetter, EventStatus, EventSummary, QueuedEvent } from './api.ts';
import { Catalogue } from './catalogue.ts';
import { DeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { canonicalEventId } from './event-id.ts';
import { Finder } from './finder.ts';
import { type Folder, folderAt, journalPath, segmentPath } from './folder.ts';
import { stateWithoutLetter } from './intake.ts';
import { Ledger } from './ledger.ts';
import { listEvents } from './listing.ts';
import { isProcessAlive, lockOwner } from './lock.ts';
import { nodeDisk } from './node-disk.ts';
import { decodeNote } from './receipt-note.ts';
import { expectedLetters, supersededLetters } from './reconcile.ts';
import { RecordReader } from './record-reader.ts';
import { missingSegments, strayJournals } from './recovery.ts';
import { STATE } from './segment.ts';
import { readSettlements } from './settle-format.ts';
import { applySettlements } from './settle-journal.ts';
import { type Survey, surveyFolder } from './survey.ts';

export interface OutboxListing {
  events: EventSummary[];
  totals: { queued: number; delivered: number; dead: number; discarded: number };
}

export interface OutboxVerification {
  /** false: something was lost, damaged or is not ours; the CLI exits 1. A torn tail alone is a crash's normal trace and stays ok. */
  ok: boolean;
  segments: number;
  counts: { queued: number; delivered: number; dead: number; discarded: number; quarantined: number };
  torn: { file: string; offset: number; bytes: number }[];
  corrupt: { file: string; offset: number; bytes: number }[];
  quarantineFiles: string[];
  orphans: string[];
  missingSegments: number[];
  /** Dead letters that were removed by hand. */
  deadMissing: number;
  /** pid of a living owner, when there is one */
  inUseBy: number | undefined;
}

interface View {
  survey: Survey;
  catalogue: Catalogue;
  reader: RecordReader;
  finder: Finder;
  letters: DeadLetters;
  ledger: Ledger;
}

/** The folder as a start would see it, without its repairs. */
async function viewFolder(disk: Disk, folder: Folder, deep: boolean): Promise<View> {
  const survey = await surveyFolder({ disk, folder, deep });
  const catalogue = new Catalogue(0);
  const reader = new RecordReader({ disk, folder });
  const finder = new Finder({ catalogue, reader });
  const letters = new DeadLetters({ disk, folder, letters: survey.letters });
  const ledger = new Ledger({ disk, folder, data: survey.ledger });
  for (const { summary } of survey.segments) {
    if (summary.offsets.length === 0) continue;
    await applySettlements({ disk, folder }, catalogue, catalogue.adopt(summary));
  }
  catalogue.learnIds();
  for (const { eventId } of await supersededLetters({ letters, finder, catalogue })) {
    letters.startMoving(eventId);
  }
  return { survey, catalogue, reader, finder, letters, ledger };
}

/** Reads the folder without its lock and without changing anything; may see an event that is just being settled. */
export async function listOutbox(
  dir: string,
  query: { state?: 'queued' | 'delivered' | 'dead'; limit?: number; disk?: Disk } = {},
): Promise<OutboxListing> {
  const view = await viewFolder(query.disk ?? nodeDisk, folderAt(dir), false);
  const { catalogue, letters, ledger } = view;
  const events = await listEvents(view, { state: query.state ?? 'queued', limit: query.limit ?? 100 });
  const { dropped, deadDiscarded } = ledger.data;
  const totals = {
    queued: catalogue.count(STATE.queued),
    delivered: dropped.delivered + catalogue.count(STATE.delivered),
    dead: letters.entries.size,
    discarded: dropped.discarded + catalogue.count(STATE.discarded) + deadDiscarded,
  };
  return { events, totals };
}

/** The whole event with its bytes and state; undefined when it is not in the folder. */
export async function showEvent(
  dir: string,
  eventId: string,
  options: { disk?: Disk } = {},
): Promise<{ status: EventStatus; event: QueuedEvent | DeadLetter } | undefined> {
  const id = canonicalEventId(eventId);
  const disk = options.disk ?? nodeDisk;
  const folder = folderAt(dir);
  const { letters, finder } = await viewFolder(disk, folder, false);
  const letter = await letters.read(id);
  if (letter !== undefined) {
    const { acceptedAt, class: cls, problem, buriedAt } = letter;
    const burial = { class: cls, problem, buriedAt };
    return { status: { eventId: id, state: 'dead', acceptedAt, inFlight: false, burial }, event: letter };
  }
  const found = await finder.newest(id);
  const state = found && stateWithoutLetter(found.position.segment.state(found.position.index));
  if (found === undefined || state === undefined) return undefined;
  const { event, position } = found;
  const status: EventStatus = { eventId: id, state, acceptedAt: event.acceptedAt, inFlight: false };
  if (state === 'delivered') {
    const offset = position.segment.offset(position.index);
    readSettlements(
      await disk.readFile(journalPath(folder, position.segment.id)),
      position.segment.id,
      (entry, note) => {
        const delivery = entry.offset === offset ? decodeNote(note()) : undefined;
        if (delivery !== undefined) status.delivery = delivery;
      },
    );
  }
  return { status, event };
}

/** Reads every record of every file and checks each CRC. Changes nothing. */
export async function verifyOutbox(dir: string, options: { disk?: Disk } = {}): Promise<OutboxVerification> {
  const disk = options.disk ?? nodeDisk;
  const folder = folderAt(dir);
  const view = await viewFolder(disk, folder, true);
  const { survey, catalogue, letters } = view;
  const owner = await lockOwner(disk, folder);
  const { torn, corrupt } = damageOf(survey, folder);
  const found = {
    segments: survey.segments.length,
    counts: {
      queued: catalogue.count(STATE.queued),
      delivered: catalogue.count(STATE.delivered),
      dead: letters.entries.size,
      discarded: catalogue.count(STATE.discarded),
      quarantined: catalogue.count(STATE.quarantined),
    },
    ...{ torn, corrupt },
    quarantineFiles: [...survey.quarantineFiles.keys()],
    orphans: [...survey.orphans, ...strayJournals(survey)],
    missingSegments: missingSegments(survey),
    deadMissing: Math.max(0, expectedLetters(view) - letters.entries.size),
    inUseBy: owner !== undefined && isProcessAlive(owner) ? owner.pid : undefined,
  };
  const faults = [found.corrupt, found.quarantineFiles, found.orphans, found.missingSegments];
  const ok = faults.every((list) => list.length === 0) && found.deadMissing === 0 && !survey.ledgerDamaged;
  return { ok, ...found };
}

/** The last file may end in a batch that was never acknowledged; anything else that is not a record is damage. */
function damageOf(survey: Survey, folder: Folder): Pick<OutboxVerification, 'torn' | 'corrupt'> {
  const torn: OutboxVerification['torn'] = [];
  const corrupt: OutboxVerification['corrupt'] = [];
  for (const found of survey.segments) {
    const isLast = found === survey.segments.at(-1);
    const neverUsed = isLast && found.summary.offsets.length === 0;
    for (const { range } of found.damaged) {
      const file = segmentPath(folder, found.summary.segmentId);
      const entry = { file, offset: range.from, bytes: range.to - range.from };
      if ((isLast && range === found.tail) || (neverUsed && range.from === 0)) torn.push(entry);
      else corrupt.push(entry);
    }
  }
  return { torn, corrupt };
}
