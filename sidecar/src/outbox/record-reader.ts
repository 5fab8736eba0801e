import type { QueuedEvent } from './api.ts';
import type { Disk } from './disk.ts';
import { type Folder, segmentPath } from './folder.ts';
import { decodeRecord, validRecordAt } from './format.ts';
import type { Position, Segment } from './segment.ts';

/** A run of records is read in one piece of at most this size, unless a single record is larger. */
export const CHUNK_BYTES = 256 * 1024;

/** The stored bytes of a record are not what was written. */
export class DamagedRecord extends Error {
  readonly position: Position;
  /** What was read instead; empty when the disk gave nothing. */
  readonly bytes: Buffer;

  constructor(position: Position, bytes: Buffer, cause?: unknown) {
    super(
      `the record at offset ${position.segment.offset(position.index)} of segment ${position.segment.id} cannot be read back`,
      cause === undefined ? undefined : { cause },
    );
    this.position = position;
    this.bytes = bytes;
  }
}

const toEvent = (bytes: Buffer, at: number): QueuedEvent => {
  const { eventId, headers, body, acceptedAt, sequence } = decodeRecord(bytes, at);
  return { eventId, headers, body, acceptedAt, sequence };
};

/** Reads records back and checks every CRC. */
export class RecordReader {
  readonly #disk: Disk;
  readonly #folder: Folder;

  constructor(o: { disk: Disk; folder: Folder }) {
    this.#disk = o.disk;
    this.#folder = o.folder;
  }

  /** @throws DamagedRecord */
  async read(position: Position): Promise<QueuedEvent> {
    const [result] = await this.run(position.segment, [position.index]);
    if (result instanceof DamagedRecord) throw result;
    if (result === undefined) throw new DamagedRecord(position, Buffer.alloc(0));
    return result;
  }

  /** Reads ascending, nearby records in one go; a damaged one takes only its own place in the answer. */
  async run(segment: Segment, indexes: readonly number[]): Promise<(QueuedEvent | DamagedRecord)[]> {
    const first = indexes[0];
    const last = indexes.at(-1);
    if (first === undefined || last === undefined) return [];
    const from = segment.offset(first);
    let chunk: Buffer;
    try {
      const to = segment.nextOffset(last);
      // Once more: a read error that passes must not cost an event.
      chunk = await this.#bytes(segment, from, to).catch(() => this.#bytes(segment, from, to));
    } catch (error) {
      if (indexes.length === 1) return [new DamagedRecord({ segment, index: first }, Buffer.alloc(0), error)];
      // One bad sector must not take its neighbours along.
      const singles: (QueuedEvent | DamagedRecord)[] = [];
      for (const index of indexes) singles.push(...(await this.run(segment, [index])));
      return singles;
    }
    return indexes.map((index) => {
      const offset = segment.offset(index);
      if (validRecordAt(chunk, offset - from, { segmentId: segment.id, offset }) > 0)
        return toEvent(chunk, offset - from);
      return new DamagedRecord(
        { segment, index },
        chunk.subarray(offset - from, segment.nextOffset(index) - from),
      );
    });
  }

  async #bytes(segment: Segment, from: number, to: number): Promise<Buffer> {
    const file = await this.#disk.open(segmentPath(this.#folder, segment.id), 'read');
    try {
      const bytes = Buffer.allocUnsafeSlow(to - from);
      let done = 0;
      while (done < bytes.length) {
        const read = await file.read(bytes.subarray(done), from + done);
        if (read === 0) break;
        done += read;
      }
      return bytes.subarray(0, done);
    } finally {
      await file.close();
    }
  }
}
