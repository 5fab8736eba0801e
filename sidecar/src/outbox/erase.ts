import { join } from 'node:path';
import type { DeadLetter } from './api.ts';
import { type Eraser, type Erasure, nothingErased } from './erase-api.ts';
import { eraseBody, headersWithoutTraces } from './erase-record.ts';
import { eraseSegment, type RewrittenEvents, type SegmentErasure } from './erase-segment.ts';
import { io, OutboxClosed } from './errors.ts';
import type { Parts } from './parts.ts';
import { readIfThere } from './read-if-there.ts';
import type { Segment } from './segment.ts';

export interface EraseOptions {
  /** Count, and change nothing. */
  dryRun: boolean;
  discard: (eventId: string) => Promise<void>;
}

/**
 * Takes the content of one actor's events out of everything that is kept here. What is owed stays owed, what is counted
 * stays counted. May be repeated, after a crash or because it is wanted: what is erased is not looked at again.
 *   1 the active segment is left, so that no file is written to while it is replaced
 *   2 segment by segment, one file replaced at a time, and what delivery holds in memory of its events
 *   3 the dead letters, each when no step of its event is under way
 * Events that are accepted meanwhile are not looked for: they happened before the erasure, and A8 knows of it, or after.
 * @throws OutboxFailed when the disk does; what was erased until then stays so. OutboxClosed
 */
export async function eraseEvents(parts: Parts, eraser: Eraser, o: EraseOptions): Promise<Erasure> {
  const { catalogue, commit, writer, stop, disk, folder } = parts;
  const found = nothingErased();
  const erasure: SegmentErasure = { disk, folder, eraser, found, ...o };
  if (!o.dryRun) {
    await io(
      'leaving a segment',
      commit.between(() => writer.seal()),
    );
    await writer.settled();
  }
  for (const segment of [...catalogue.segments]) {
    if (stop.signal.aborted) throw new OutboxClosed();
    await eraseIn(segment, parts, erasure);
  }
  for (const eventId of [...parts.letters.entries.keys()]) {
    await parts.steps.alone(eventId, () => eraseLetter(parts, eventId, erasure));
  }
  found.quarantine_files = await namedInQuarantine(parts, eraser);
  return found;
}

async function eraseIn(
  segment: Segment,
  { space, lanes, session }: Parts,
  erasure: SegmentErasure,
): Promise<void> {
  const changed: RewrittenEvents = new Map();
  const work = space.undisturbed(() => eraseSegment(segment, erasure, changed));
  try {
    await io('erasing in a segment', work);
  } finally {
    // Also where the disk failed: the file may be the new one, and the next erasure would find nothing to do in it.
    if (!erasure.dryRun && changed.size > 0) {
      segment.rewrites += 1;
      lanes.rewrite(changed);
      session.bytesWritten += segment.fileBytes;
    }
  }
}

async function eraseLetter(
  { letters, space }: Parts,
  eventId: string,
  { eraser, found, dryRun }: SegmentErasure,
): Promise<void> {
  const letter = await letters.read(eventId);
  if (letter === undefined || !eraser.concerns(letter.body)) return;
  found.dead_letters += 1;
  if (dryRun) return;
  const erased: DeadLetter = {
    ...letter,
    headers: headersWithoutTraces(letter.headers),
    body: eraseBody(letter.body, eraser).body,
  };
  await io('erasing in a dead letter', letters.rewrite(erased));
  space.recount();
}

async function namedInQuarantine({ quarantine, disk, folder }: Parts, eraser: Eraser): Promise<number> {
  let named = 0;
  for (const file of quarantine.summary.files) {
    // A person may have removed it: they are asked to.
    const bytes = await io('reading a quarantined file', readIfThere(disk, join(folder.root, file)));
    if (bytes !== undefined && eraser.mayConcern(bytes)) named += 1;
  }
  return named;
}
