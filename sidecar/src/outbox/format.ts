/**
 * The bytes of a segment file, `segments/<16-digit id>.seg`. Pure: no I/O, no clock. All numbers little-endian.
 *
 *   file    64-byte header, then records without padding
 *   header   0  8  magic "SCHLSEG\n"
 *            8  2  format version          10  2  oldest format version whose reader understands this file
 *           12  4  zero                    16  8  segment id (also in the name)
 *           24  8  created, ms             32  8  sequence of the first record
 *           40  8  id of the segment before it that holds records, 0 for none
 *           48 12  zero                    60  4  CRC-32 of bytes 0..59
 *   record   0  4  salted CRC-32 of bytes 4..length-1 (crc.ts)
 *            4  4  length of the record, these 40 bytes included
 *            8  1  kind: 1 accepted event, 2 replayed event (was counted when first accepted)
 *            9  1  zero                    10  2  length of the header block
 *           12  6  sequence                18  6  accepted, ms since the epoch
 *           24 16  event id
 *           40  …  header block (header-block.ts), then the body to the end of the record
 *
 * Constraints: a record is found from its own bytes and its place alone, so a damaged header or neighbour costs nothing
 * else; records never cross files; nothing is ever written again at an offset that has been acknowledged.
 */
import { crcSalt, saltedCrc } from './crc.ts';
import { readEventId, writeEventId } from './event-id.ts';
import { decodeHeaders } from './header-block.ts';

export const FORMAT_VERSION = 1;
/** Readers from this version on understand what we write; raised only one release after a reader for it has shipped. */
export const OLDEST_READER = 1;
export const SEGMENT_HEADER_BYTES = 64;
export const RECORD_HEAD_BYTES = 40;
export const MAX_RECORD_BYTES = 1024 * 1024;

const MAGIC = Buffer.from('SCHLSEG\n', 'latin1');
const HEADER_CRC_AT = 60;
const ID_AT = 24;

export const RECORD_KIND = { accepted: 1, replayed: 2 } as const;
export type RecordKind = (typeof RECORD_KIND)[keyof typeof RECORD_KIND];

export interface SegmentHeader {
  segmentId: number;
  createdAt: number;
  firstSequence: number;
  previousSegment: number;
}

export interface RecordFields {
  kind: RecordKind;
  sequence: number;
  acceptedAt: number;
  eventId: string;
  headerBlock: Buffer;
  body: Buffer;
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(FORMAT_VERSION, 8);
  bytes.writeUInt16LE(OLDEST_READER, 10);
  bytes.writeBigUInt64LE(BigInt(header.segmentId), 16);
  bytes.writeBigUInt64LE(BigInt(header.createdAt), 24);
  bytes.writeBigUInt64LE(BigInt(header.firstSequence), 32);
  bytes.writeBigUInt64LE(BigInt(header.previousSegment), 40);
  bytes.writeUInt32LE(saltedCrc(bytes, { from: 0, to: HEADER_CRC_AT, salt: 0 }), HEADER_CRC_AT);
  return bytes;
}

export type HeaderVerdict =
  | { kind: 'ok'; header: SegmentHeader }
  | { kind: 'too_new'; needs: number }
  | { kind: 'damaged' };

export function judgeSegmentHeader(bytes: Buffer): HeaderVerdict {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return { kind: 'damaged' };
  const crc = saltedCrc(bytes, { from: 0, to: HEADER_CRC_AT, salt: 0 });
  if (crc !== bytes.readUInt32LE(HEADER_CRC_AT)) return { kind: 'damaged' };
  const needs = bytes.readUInt16LE(10);
  if (needs > FORMAT_VERSION) return { kind: 'too_new', needs };
  const header = {
    segmentId: Number(bytes.readBigUInt64LE(16)),
    createdAt: Number(bytes.readBigUInt64LE(24)),
    firstSequence: Number(bytes.readBigUInt64LE(32)),
    previousSegment: Number(bytes.readBigUInt64LE(40)),
  };
  return { kind: 'ok', header };
}

export const recordLength = (headerBytes: number, bodyBytes: number): number =>
  RECORD_HEAD_BYTES + headerBytes + bodyBytes;

/** Writes one record at target[at…); `place` is where that will lie in the file. Returns its length. */
export function encodeRecord(
  target: Buffer,
  at: number,
  record: RecordFields & { place: { segmentId: number; offset: number } },
): number {
  const { headerBlock, body, place } = record;
  const length = recordLength(headerBlock.length, body.length);
  target.writeUInt32LE(length, at + 4);
  target.writeUInt16LE(record.kind, at + 8); // the byte after the kind is zero
  target.writeUInt16LE(headerBlock.length, at + 10);
  target.writeUIntLE(record.sequence, at + 12, 6);
  target.writeUIntLE(record.acceptedAt, at + 18, 6);
  writeEventId(target, at + ID_AT, record.eventId);
  headerBlock.copy(target, at + RECORD_HEAD_BYTES);
  body.copy(target, at + RECORD_HEAD_BYTES + headerBlock.length);
  const salt = crcSalt(place.segmentId, place.offset);
  target.writeUInt32LE(saltedCrc(target, { from: at + 4, to: at + length, salt }), at);
  return length;
}

/** The length of a valid record at bytes[at…), or 0. `offset` is its place in the file. */
export function validRecordAt(
  bytes: Buffer,
  at: number,
  place: { segmentId: number; offset: number },
): number {
  if (at + RECORD_HEAD_BYTES > bytes.length) return 0;
  const length = bytes.readUInt32LE(at + 4);
  if (length < RECORD_HEAD_BYTES || length > MAX_RECORD_BYTES || at + length > bytes.length) return 0;
  const kind = bytes.readUInt16LE(at + 8);
  if (kind !== RECORD_KIND.accepted && kind !== RECORD_KIND.replayed) return 0;
  if (RECORD_HEAD_BYTES + bytes.readUInt16LE(at + 10) > length) return 0;
  const salt = crcSalt(place.segmentId, place.offset);
  return saltedCrc(bytes, { from: at + 4, to: at + length, salt }) === bytes.readUInt32LE(at) ? length : 0;
}

/** Fields of a record that validRecordAt has accepted. The body shares memory with `bytes`. */
export function decodeRecord(
  bytes: Buffer,
  at: number,
): Omit<RecordFields, 'headerBlock'> & { headers: Record<string, string> } {
  const end = at + bytes.readUInt32LE(at + 4);
  const bodyAt = at + RECORD_HEAD_BYTES + bytes.readUInt16LE(at + 10);
  const eventId = readEventId(bytes, at + ID_AT);
  return {
    kind: bytes[at + 8] === RECORD_KIND.replayed ? RECORD_KIND.replayed : RECORD_KIND.accepted,
    sequence: bytes.readUIntLE(at + 12, 6),
    acceptedAt: bytes.readUIntLE(at + 18, 6),
    eventId,
    headers: decodeHeaders(bytes.subarray(at + RECORD_HEAD_BYTES, bodyAt), eventId),
    body: bytes.subarray(bodyAt, end),
  };
}

/** What the index needs of a valid record, without touching its body. `idAt` is where its 16 id bytes lie. */
export function peekRecord(
  bytes: Buffer,
  at: number,
): { kind: number; sequence: number; acceptedAt: number; idAt: number } {
  return {
    kind: bytes[at + 8] ?? 0,
    sequence: bytes.readUIntLE(at + 12, 6),
    acceptedAt: bytes.readUIntLE(at + 18, 6),
    idAt: at + ID_AT,
  };
}
