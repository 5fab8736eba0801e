import { RECORD_HEAD_BYTES, SEGMENT_HEADER_BYTES, validRecordAt } from './format.ts';

export interface ByteRange {
  from: number;
  to: number;
}

export interface Scan {
  /** Damaged ranges with a valid record somewhere after them. */
  gaps: ByteRange[];
  /** What follows the last valid record, when anything does. */
  tail: ByteRange | undefined;
  /** End of the last valid record. */
  end: number;
}

/** The first offset >= from at which a valid record begins, or undefined. */
function resynchronise(file: Buffer, segmentId: number, from: number): number | undefined {
  for (let at = from; at + RECORD_HEAD_BYTES <= file.length; at += 1) {
    if (validRecordAt(file, at, { segmentId, offset: at }) > 0) return at;
  }
  return undefined;
}

/** Walks a whole segment file, calls `visit` for each valid record in order, and tells what lies between them. Pure. */
export function scanSegment(
  file: Buffer,
  segmentId: number,
  visit: (offset: number, length: number) => void,
): Scan {
  const gaps: ByteRange[] = [];
  let at = SEGMENT_HEADER_BYTES;
  while (at < file.length) {
    const length = validRecordAt(file, at, { segmentId, offset: at });
    if (length > 0) {
      visit(at, length);
      at += length;
      continue;
    }
    const next = resynchronise(file, segmentId, at + 1);
    if (next === undefined) return { gaps, tail: { from: at, to: file.length }, end: at };
    gaps.push({ from: at, to: next });
    at = next;
  }
  return { gaps, tail: undefined, end: Math.min(at, Math.max(file.length, SEGMENT_HEADER_BYTES)) };
}
