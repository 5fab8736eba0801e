import { crcSalt, saltedCrc } from './crc.ts';
import type { Eraser } from './erase-api.ts';
import { readEventId } from './event-id.ts';
import { RECORD_HEAD_BYTES } from './format.ts';
import { decodeHeaders } from './header-block.ts';

/** Headers that lead from an event to what else is known of its request. */
const TRACES = ['traceparent', 'x-request-id'] as const;
const SPACE = 0x20;
/** What is left where nothing fits: no event, and no content. */
const NOTHING = Buffer.from('{}');

/** Whether what is left of an event still is one. */
export type Rewritten = 'erased' | 'emptied';

/**
 * Takes the content out of the record at bytes[at…), which is valid, and leaves it as long as it is: JSON may end in
 * spaces. So every offset, index and note stays true. Pure but for `bytes`.
 */
export function eraseRecord(
  bytes: Buffer,
  at: number,
  { eraser, place }: { eraser: Eraser; place: { segmentId: number; offset: number } },
): Rewritten {
  const end = at + bytes.readUInt32LE(at + 4);
  const headersAt = at + RECORD_HEAD_BYTES;
  const bodyAt = headersAt + bytes.readUInt16LE(at + 10);
  eraseTraces(bytes.subarray(headersAt, bodyAt), readEventId(bytes, at + 24));
  const body = bytes.subarray(bodyAt, end);
  const { body: left, as } = eraseBody(body, eraser);
  left.copy(body);
  const salt = crcSalt(place.segmentId, place.offset);
  bytes.writeUInt32LE(saltedCrc(bytes, { from: at + 4, to: end, salt }), at);
  return as;
}

/** A body as long as the one given, without its content. */
export function eraseBody(body: Buffer, eraser: Eraser): { body: Buffer; as: Rewritten } {
  const erased = eraser.erased(body);
  const fits = erased.length <= body.length;
  const left = Buffer.alloc(body.length, SPACE);
  (fits ? erased : NOTHING).copy(left);
  return { body: left, as: fits ? 'erased' : 'emptied' };
}

/** Their digits become zeros, in place. */
function eraseTraces(block: Buffer, eventId: string): void {
  const headers = decodeHeaders(block, eventId);
  for (const name of TRACES) {
    const value = headers[name];
    const at = value === undefined ? -1 : block.indexOf(value, 0, 'latin1');
    if (value !== undefined && at >= 0) block.write(withoutTrace(value), at, 'latin1');
  }
}

const withoutTrace = (value: string): string => value.replace(/[^-]/gu, '0');

/** The same of the headers of a letter. */
export function headersWithoutTraces(headers: Readonly<Record<string, string>>): Record<string, string> {
  const left = { ...headers };
  for (const name of TRACES) if (left[name] !== undefined) left[name] = withoutTrace(left[name]);
  return left;
}
