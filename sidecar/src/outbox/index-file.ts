/**
 * `segments/<id>.idx`, written when a segment is sealed so that a start need not read its bodies. Only a shortcut:
 * missing, damaged or out of step with its segment it is made anew by a scan. Pure. Little-endian.
 *
 *   0  8  magic "SCHLIDX\n"      8  2  format version    10  2  oldest reader
 *  12  4  records n             16  8  segment id        24  8  end of the last record
 *  32  8  size of the file      40  8  last sequence     48  8  accepted of the first record, ms
 *  56  8  created, ms           64  8  previous segment  72  4  zero
 *  76  4  CRC-32 of all other bytes
 *  80     n x 4 offset, n x 4 accepted minus the first, n x 1 kind, n x 16 event id
 */
import { crc32 } from 'node:zlib';
import { EVENT_ID_BYTES } from './event-id.ts';
import { FORMAT_VERSION, OLDEST_READER } from './format.ts';

const MAGIC = Buffer.from('SCHLIDX\n', 'latin1');
const HEAD_BYTES = 80;
const CRC_AT = 76;
const PER_RECORD = 4 + 4 + 1 + EVENT_ID_BYTES;

/** What a sealed segment holds, column by column: a million objects would cost more than a million records. */
export interface SegmentSummary {
  segmentId: number;
  createdAt: number;
  previousSegment: number;
  end: number;
  fileBytes: number;
  lastSequence: number;
  firstAcceptedAt: number;
  offsets: Uint32Array;
  /** ms after firstAcceptedAt */
  ages: Uint32Array;
  kinds: Uint8Array;
  /** 16 bytes for each record, in order. */
  ids: Buffer;
}

/** Of the file for so many records. */
export const indexSize = (records: number): number => HEAD_BYTES + records * PER_RECORD;

const crcOf = (bytes: Buffer): number => crc32(bytes.subarray(CRC_AT + 4), crc32(bytes.subarray(0, CRC_AT)));

export function encodeIndex(summary: SegmentSummary): Buffer {
  const n = summary.offsets.length;
  const bytes = Buffer.alloc(indexSize(n));
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(FORMAT_VERSION, 8);
  bytes.writeUInt16LE(OLDEST_READER, 10);
  bytes.writeUInt32LE(n, 12);
  const numbers = [
    summary.segmentId,
    summary.end,
    summary.fileBytes,
    summary.lastSequence,
    summary.firstAcceptedAt,
    summary.createdAt,
    summary.previousSegment,
  ];
  numbers.forEach((value, i) => {
    bytes.writeBigUInt64LE(BigInt(value), 16 + 8 * i);
  });
  for (let i = 0; i < n; i += 1) {
    bytes.writeUInt32LE(summary.offsets[i] ?? 0, HEAD_BYTES + 4 * i);
    bytes.writeUInt32LE(summary.ages[i] ?? 0, HEAD_BYTES + 4 * (n + i));
  }
  bytes.set(summary.kinds, HEAD_BYTES + 8 * n);
  summary.ids.copy(bytes, HEAD_BYTES + 9 * n, 0, n * EVENT_ID_BYTES);
  bytes.writeUInt32LE(crcOf(bytes), CRC_AT);
  return bytes;
}

/** undefined: not usable, scan the segment instead. */
export function decodeIndex(bytes: Buffer, segmentId: number): SegmentSummary | undefined {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  const n = bytes.readUInt32LE(12);
  if (bytes.length !== indexSize(n) || bytes.readUInt16LE(10) > FORMAT_VERSION) return undefined;
  const at = (i: number): number => Number(bytes.readBigUInt64LE(16 + 8 * i));
  if (crcOf(bytes) !== bytes.readUInt32LE(CRC_AT) || at(0) !== segmentId) return undefined;
  return {
    segmentId,
    createdAt: at(5),
    previousSegment: at(6),
    end: at(1),
    fileBytes: at(2),
    lastSequence: at(3),
    firstAcceptedAt: at(4),
    offsets: column(bytes, HEAD_BYTES, n),
    ages: column(bytes, HEAD_BYTES + 4 * n, n),
    kinds: bytes.subarray(HEAD_BYTES + 8 * n, HEAD_BYTES + 9 * n),
    ids: bytes.subarray(HEAD_BYTES + 9 * n),
  };
}

/** n numbers of four bytes, little-endian. */
function column(bytes: Buffer, from: number, n: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, 4 * n);
  const numbers = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) numbers[i] = view.getUint32(4 * i, true);
  return numbers;
}
