import type { Clock } from '@scholar/runtime/clock';
import type { OutboxLog, OutboxStats } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import type { Disk, DiskFile } from './disk.ts';
import { EVENT_ID_BYTES } from './event-id.ts';
import { type Folder, indexPath, segmentPath, unfinished } from './folder.ts';
import {
  encodeRecord,
  encodeSegmentHeader,
  RECORD_HEAD_BYTES,
  RECORD_KIND,
  type RecordKind,
  recordLength,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import { encodeIndex } from './index-file.ts';
import type { Position, Segment } from './segment.ts';

export interface RecordToWrite {
  kind: RecordKind;
  eventId: string;
  headerBlock: Buffer;
  body: Buffer;
  /** Filled in by the writer. */
  acceptedAt: number;
  sequence: number;
}

interface Active {
  segment: Segment;
  file: DiskFile;
  ids: Buffer;
}

/**
 * Writes batches of records behind one sync each, into one segment at a time. Its states:
 *   closed   no file is open; the next batch creates segment `nextId`
 *   open     header and folder entry are durable; batches go to `segment.end`, which moves only after a sync
 *   poisoned a write or sync failed: what the file holds beyond `segment.end` is unknown, and a second sync would lie
 *            (the kernel may have dropped the dirty page). The file is cut back and closed for ever: closed again
 * A segment is left at the first batch that finds it beyond `segmentBytes`. One call at a time; group-commit.ts sees to it.
 */
export class SegmentWriter {
  readonly #o: SegmentWriterOptions;
  #active: Active | undefined;
  #batch: Buffer;
  #indexing: Promise<void> = Promise.resolve();
  #nextId: number;
  #nextSequence: number;
  #previousSegment: number;

  constructor(o: SegmentWriterOptions) {
    this.#o = o;
    this.#nextId = o.nextId;
    this.#nextSequence = o.nextSequence;
    this.#previousSegment = o.previousSegment;
    this.#batch = Buffer.allocUnsafeSlow(o.batchBytes);
  }

  get active(): Segment | undefined {
    return this.#active?.segment;
  }

  /** Resolves with the places of the records once all of them are durable. @throws the disk's error; then none counts */
  async write(records: readonly RecordToWrite[]): Promise<Position[]> {
    const active = await this.#ready();
    const { segment } = active;
    const bytes = this.#encode(records, segment);
    try {
      await active.file.writeDurable(this.#batch, bytes, segment.end);
    } catch (error) {
      await this.#poison(active, bytes);
      throw error;
    }
    this.#o.session.syncs += 1;
    this.#o.session.bytesWritten += bytes;
    return this.#index(records, active);
  }

  /** Opens a segment if none is open: proves that the disk works. */
  async ensureOpen(): Promise<void> {
    await this.#ready();
  }

  /** Leaves the active segment; the next batch starts another. */
  async seal(): Promise<void> {
    const active = this.#active;
    if (active === undefined) return;
    this.#active = undefined;
    await active.file.close();
    if (active.segment.count > 0) this.#finish(active);
    else await this.#discardEmpty(active.segment);
  }

  /** Waits for index files under way. */
  settled(): Promise<void> {
    return this.#indexing;
  }

  async #ready(): Promise<Active> {
    if (this.#active !== undefined && this.#active.segment.end >= this.#o.segmentBytes) await this.seal();
    this.#active ??= await this.#create();
    return this.#active;
  }

  async #create(): Promise<Active> {
    const { disk, folder, clock, catalogue } = this.#o;
    const id = this.#nextId++;
    const origin = {
      id,
      createdAt: clock.now(),
      previousSegment: this.#previousSegment,
      lastSequence: this.#nextSequence - 1,
    };
    const header = encodeSegmentHeader({ ...origin, segmentId: id, firstSequence: this.#nextSequence });
    const path = segmentPath(folder, id);
    const file = await disk.open(path, 'create');
    try {
      await file.writeDurable(header, header.length, 0);
      await disk.syncDir(folder.segments);
    } catch (error) {
      await file.close().catch(() => undefined);
      await disk.unlink(path).catch(() => undefined);
      throw error;
    }
    this.#o.session.syncs += 2;
    this.#o.session.bytesWritten += SEGMENT_HEADER_BYTES;
    return { segment: catalogue.open(origin), file, ids: Buffer.allocUnsafeSlow(1024 * EVENT_ID_BYTES) };
  }

  #encode(records: readonly RecordToWrite[], segment: Segment): number {
    let length = 0;
    for (const record of records) length += recordLength(record.headerBlock.length, record.body.length);
    if (length > this.#batch.length) this.#batch = Buffer.allocUnsafeSlow(length);
    const acceptedAt = this.#o.clock.now();
    let at = 0;
    for (const record of records) {
      record.acceptedAt = acceptedAt;
      // A number that went to a failed batch is never used again: its record may still turn up after a crash.
      record.sequence = this.#nextSequence++;
      const place = { segmentId: segment.id, offset: segment.end + at };
      at += encodeRecord(this.#batch, at, { ...record, place });
    }
    return length;
  }

  #index(records: readonly RecordToWrite[], active: Active): Position[] {
    const { segment } = active;
    const positions: Position[] = [];
    let at = 0;
    for (const record of records) {
      const idAt = segment.count * EVENT_ID_BYTES;
      if (idAt === active.ids.length) active.ids = Buffer.concat([active.ids, Buffer.allocUnsafe(idAt)]);
      this.#batch.copy(active.ids, idAt, at + 24, at + RECORD_HEAD_BYTES);
      at += recordLength(record.headerBlock.length, record.body.length);
      const offset = segment.end;
      const end = offset + recordLength(record.headerBlock.length, record.body.length);
      const replayed = record.kind === RECORD_KIND.replayed;
      const { acceptedAt } = record;
      positions.push(
        this.#o.catalogue.add(segment, { offset, end, acceptedAt, replayed, ids: active.ids, idAt }),
      );
      if (replayed) this.#o.onReplayed(record.eventId);
      segment.lastSequence = record.sequence;
    }
    segment.fileBytes = segment.end;
    this.#previousSegment = segment.id;
    return positions;
  }

  async #poison(active: Active, bytes: number): Promise<void> {
    const { segment, file } = active;
    this.#active = undefined;
    this.#o.session.failedBatches += 1;
    try {
      await file.truncate(segment.end);
      await file.sync();
    } catch {
      // Then a restart judges what is there; none of it was acknowledged.
      segment.fileBytes = segment.end + bytes;
    }
    await file.close().catch(() => undefined);
    if (segment.count > 0) {
      this.#finish(active);
      return;
    }
    await this.#discardEmpty(segment);
  }

  /** Nothing in it was ever acknowledged. If it stays after all, the next start removes it. */
  async #discardEmpty(segment: Segment): Promise<void> {
    this.#o.catalogue.drop(segment);
    await this.#o.disk.unlink(segmentPath(this.#o.folder, segment.id)).catch(() => undefined);
  }

  #finish({ segment, ids }: Active): void {
    segment.seal();
    const summary = { ...segment.columns(), segmentId: segment.id, ids, createdAt: segment.createdAt };
    const { end, fileBytes, lastSequence, previousSegment } = segment;
    const bytes = encodeIndex({ ...summary, end, fileBytes, lastSequence, previousSegment });
    this.#indexing = this.#indexing
      .then(() => writeIndex(this.#o, segment.id, bytes))
      .then(() => {
        segment.indexBytes = bytes.length;
      })
      .catch((error: unknown) => {
        this.#o.log.warn(
          { err: error, segment: segment.id },
          'no index for this segment: the next start will scan it',
        );
      });
  }
}

/** Not synced: a torn index fails its CRC and is made anew. */
export async function writeIndex(
  o: { disk: Disk; folder: Folder; session: { bytesWritten: number } },
  segmentId: number,
  bytes: Buffer,
): Promise<void> {
  const path = indexPath(o.folder, segmentId);
  await o.disk.unlink(unfinished(path));
  const file = await o.disk.open(unfinished(path), 'update');
  try {
    await file.write(bytes, bytes.length, 0);
  } finally {
    await file.close();
  }
  await o.disk.rename(unfinished(path), path);
  o.session.bytesWritten += bytes.length;
}

export interface SegmentWriterOptions {
  disk: Disk;
  folder: Folder;
  clock: Clock;
  log: OutboxLog;
  catalogue: Catalogue;
  session: OutboxStats['session'];
  segmentBytes: number;
  batchBytes: number;
  nextId: number;
  nextSequence: number;
  /** Id of the last segment that holds records, 0 for none. */
  previousSegment: number;
  /** A dead event is durable in the log again: in the same instant its letter must no longer count. */
  onReplayed: (eventId: string) => void;
}
