/**
 * `settled/<segment id>.log`: what became of the records of one segment. Pure. Little-endian, no file header:
 *   0  4  salted CRC-32 of bytes 4..length-1     4  2  length     6  1  new state (segment.ts)     7  1  format version
 *   8  4  offset of the record in the segment   12  6  when, ms since the epoch
 *  18  …  note: for a delivery its receipt (receipt-note.ts)
 * The last entry about a record counts. A damaged stretch is skipped: what it said is delivered again.
 */
import { crcSalt, saltedCrc } from './crc.ts';
import type { RecordState } from './segment.ts';

const HEAD_BYTES = 18;
const VERSION = 1;
const MAX_NOTE_BYTES = 1024;
/** Keeps the salts of a journal apart from those of its segment. */
const JOURNAL_SALT = 0x5e77_1ed0;

export interface Settlement {
  offset: number;
  state: RecordState;
  at: number;
  note: Buffer;
}

const saltFor = (segmentId: number, offset: number): number =>
  (crcSalt(segmentId, offset) ^ JOURNAL_SALT) >>> 0;

/** `place` is where the entry will lie in the journal. */
export function encodeSettlement(entry: Settlement, place: { segmentId: number; offset: number }): Buffer {
  const note = entry.note.subarray(0, MAX_NOTE_BYTES);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + note.length);
  bytes.writeUInt16LE(bytes.length, 4);
  bytes[6] = entry.state;
  bytes[7] = VERSION;
  bytes.writeUInt32LE(entry.offset, 8);
  bytes.writeUIntLE(entry.at, 12, 6);
  note.copy(bytes, HEAD_BYTES);
  const salt = saltFor(place.segmentId, place.offset);
  bytes.writeUInt32LE(saltedCrc(bytes, { from: 4, to: bytes.length, salt }), 0);
  return bytes;
}

const validAt = (bytes: Buffer, at: number, segmentId: number): number => {
  if (at + HEAD_BYTES > bytes.length) return 0;
  const length = bytes.readUInt16LE(at + 4);
  if (length < HEAD_BYTES || length > HEAD_BYTES + MAX_NOTE_BYTES || at + length > bytes.length) return 0;
  if ((bytes[at + 7] ?? 0) !== VERSION) return 0;
  const range = { from: at + 4, to: at + length, salt: saltFor(segmentId, at) };
  return saltedCrc(bytes, range) === bytes.readUInt32LE(at) ? length : 0;
};

/** Calls `visit` for each whole entry; returns the end of the last one, where the next may be written. */
export function readSettlements(
  bytes: Buffer,
  segmentId: number,
  visit: (entry: Omit<Settlement, 'note'>, noteBytes: () => Buffer) => void,
): number {
  let end = 0;
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const length = validAt(bytes, at, segmentId);
    if (length === 0) {
      at += 1;
      continue;
    }
    const start = at;
    const entry = {
      state: (bytes[at + 6] ?? 0) as RecordState,
      offset: bytes.readUInt32LE(at + 8),
      at: bytes.readUIntLE(at + 12, 6),
    };
    visit(entry, () => bytes.subarray(start + HEAD_BYTES, start + length));
    at += length;
    end = at;
  }
  return end;
}
