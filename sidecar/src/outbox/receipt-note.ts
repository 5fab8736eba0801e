/**
 * What is kept of A8's receipt in a note of the settle journal. Pure. Little-endian:
 *   0  1  kind: 1   1  1  flags: 1 = duplicate, 2 = the request id is a uuid and takes 16 bytes, 4 = the row is our own
 *   2  6  received, ms   8  6  delivered, ms   14  4  write time, µs   18  2  retries   20  …  request id
 * A receipt that does not fit is kept as a JSON array without names, as all were once; '[' tells it.
 */
import type { DeliveryNote } from './api.ts';
import { EVENT_ID_BYTES, isEventId, readEventId, writeEventId } from './event-id.ts';

const KIND = 1;
const FLAG = { duplicate: 1, uuid: 2, own: 4 } as const;
const HEAD_BYTES = 20;
const MAX = { u16: 0xffff, u32: 0xffff_ffff, u48: 2 ** 48 - 1 } as const;

export function encodeNote(note: DeliveryNote): Buffer {
  const receivedAt = Date.parse(note.receivedAt);
  const writeUs = Math.round(note.writeMs * 1000);
  const fits =
    receivedAt >= 0 &&
    receivedAt <= MAX.u48 &&
    new Date(receivedAt).toISOString() === note.receivedAt &&
    writeUs >= 0 &&
    writeUs <= MAX.u32 &&
    note.retries <= MAX.u16;
  if (!fits) return Buffer.from(asJson(note));
  const uuid = isEventId(note.requestId);
  const id = uuid ? Buffer.allocUnsafe(EVENT_ID_BYTES) : Buffer.from(note.requestId);
  if (uuid) writeEventId(id, 0, note.requestId);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + id.length);
  bytes[0] = KIND;
  bytes[1] =
    (note.duplicate ? FLAG.duplicate : 0) | (uuid ? FLAG.uuid : 0) | (note.own === true ? FLAG.own : 0);
  bytes.writeUIntLE(receivedAt, 2, 6);
  bytes.writeUIntLE(note.deliveredAt, 8, 6);
  bytes.writeUInt32LE(writeUs, 14);
  bytes.writeUInt16LE(note.retries, 18);
  id.copy(bytes, HEAD_BYTES);
  return bytes;
}

/** undefined: not a receipt that this version knows. */
export function decodeNote(bytes: Buffer): DeliveryNote | undefined {
  if (bytes[0] !== KIND || bytes.length < HEAD_BYTES) return fromJson(bytes.toString());
  const flags = bytes[1] ?? 0;
  const uuid = (flags & FLAG.uuid) !== 0;
  if (uuid && bytes.length < HEAD_BYTES + EVENT_ID_BYTES) return undefined;
  return {
    requestId: uuid ? readEventId(bytes, HEAD_BYTES) : bytes.toString('utf8', HEAD_BYTES),
    receivedAt: new Date(bytes.readUIntLE(2, 6)).toISOString(),
    duplicate: (flags & FLAG.duplicate) !== 0,
    deliveredAt: bytes.readUIntLE(8, 6),
    writeMs: bytes.readUInt32LE(14) / 1000,
    retries: bytes.readUInt16LE(18),
    ...((flags & FLAG.own) === 0 ? {} : { own: true }),
  };
}

/** Both in ms since the epoch: A8's clock, ours. */
export interface OwnReceipt {
  receivedAt: number;
  deliveredAt: number;
}

/** What a start wants to know of a note, and no more: it reads one for every delivered event. undefined: not our own row. */
export function ownReceipt(bytes: Buffer): OwnReceipt | undefined {
  if (bytes[0] === KIND && bytes.length >= HEAD_BYTES) {
    if (((bytes[1] ?? 0) & FLAG.own) === 0) return undefined;
    return { receivedAt: bytes.readUIntLE(2, 6), deliveredAt: bytes.readUIntLE(8, 6) };
  }
  const note = decodeNote(bytes);
  if (note?.own !== true) return undefined;
  return { receivedAt: Date.parse(note.receivedAt), deliveredAt: note.deliveredAt };
}

const asJson = (n: DeliveryNote): string =>
  JSON.stringify([
    ...[n.requestId, n.receivedAt, n.duplicate ? 1 : 0, n.deliveredAt, n.writeMs, n.retries],
    ...(n.own === true ? [1] : []),
  ]);

function fromJson(note: string): DeliveryNote | undefined {
  try {
    const [requestId, receivedAt, duplicate, deliveredAt, writeMs, retries, own]: unknown[] =
      JSON.parse(note);
    return {
      requestId: String(requestId),
      receivedAt: String(receivedAt),
      duplicate: duplicate === 1,
      deliveredAt: Number(deliveredAt),
      writeMs: Number(writeMs),
      retries: Number(retries),
      ...(own === 1 ? { own: true } : {}),
    };
  } catch {
    return undefined;
  }
}
