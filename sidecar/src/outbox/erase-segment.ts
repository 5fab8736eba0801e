import { setImmediate as nextTurn } from 'node:timers/promises';
import type { QueuedEvent } from './api.ts';
import type { Disk } from './disk.ts';
import type { Eraser, Erasure } from './erase-api.ts';
import { eraseRecord } from './erase-record.ts';
import { type Folder, isUnfinished, segmentPath, unfinished } from './folder.ts';
import { decodeRecord, validRecordAt } from './format.ts';
import { type Segment, STATE } from './segment.ts';
import { replaceFile } from './write-file.ts';

/** After so many records others have their turn. */
const RECORDS_A_TURN = 500;

export interface SegmentErasure {
  disk: Disk;
  folder: Folder;
  eraser: Eraser;
  /** Only counts. */
  dryRun: boolean;
  found: Erasure;
  /** Gives up an event that is owed and of which nothing is left that could be delivered. */
  discard: (eventId: string) => Promise<void>;
}

/** What delivery may still hold of a rewritten record. */
export type RewrittenEvents = Map<string, Pick<QueuedEvent, 'headers' | 'body'>>;

/**
 * Takes the actor out of one segment that no batch is written to. The file is replaced as a whole by one of the same
 * length: a crash leaves the old one or the new one, and both are what the index and the notes speak of.
 * @param changed is told each event that has other bytes now. @throws the disk's error; then the file is the old or the new one
 */
export async function eraseSegment(
  segment: Segment,
  o: SegmentErasure,
  changed: RewrittenEvents,
): Promise<void> {
  if (segment.dropping || segment.count === 0) return;
  const path = segmentPath(o.folder, segment.id);
  const bytes = await o.disk.readFile(path);
  if (!o.eraser.mayConcern(bytes)) return;
  for (let index = 0; index < segment.count; index += 1) {
    if (index % RECORDS_A_TURN === RECORDS_A_TURN - 1) await nextTurn();
    await eraseOne({ segment, index, bytes }, o, changed);
  }
  if (changed.size === 0) return;
  o.found.segments += 1;
  if (!o.dryRun) await replaceOrNot(o.disk, path, bytes);
}

async function eraseOne(
  { segment, index, bytes }: { segment: Segment; index: number; bytes: Buffer },
  { eraser, found, dryRun, discard }: SegmentErasure,
  changed: RewrittenEvents,
): Promise<void> {
  const offset = segment.offset(index);
  const place = { segmentId: segment.id, offset };
  if (validRecordAt(bytes, offset, place) === 0) return;
  const { eventId, body } = decodeRecord(bytes, offset);
  if (!eraser.concerns(body)) return;
  const as = eraseRecord(bytes, offset, { eraser, place });
  const state = segment.state(index);
  if (state === STATE.queued) found.queued += 1;
  else if (state === STATE.delivered) found.delivered += 1;
  else found.other += 1;
  const left = decodeRecord(bytes, offset);
  changed.set(eventId, { headers: left.headers, body: Buffer.from(left.body) });
  if (as === 'erased') return;
  found.emptied += 1;
  if (state !== STATE.queued) return;
  found.discarded += 1;
  // Before its content goes: what is owed is never found empty.
  if (!dryRun) await discard(eventId);
}

async function replaceOrNot(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  try {
    await replaceFile(disk, path, bytes);
  } catch (error) {
    await disk.unlink(unfinished(path)).catch(() => undefined);
    throw error;
  }
}

/** Copies that a crash left unfinished: nobody would replace them, and they hold whole events. */
export async function removeDrafts(disk: Disk, folder: Folder): Promise<void> {
  for (const dir of [folder.segments, folder.dead]) {
    const drafts = (await disk.readdir(dir)).filter(({ name }) => isUnfinished(name));
    for (const { name } of drafts) await disk.unlink(`${dir}/${name}`);
    if (drafts.length > 0) await disk.syncDir(dir);
  }
}
