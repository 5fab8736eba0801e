import { createHash, randomUUID } from 'node:crypto';
import { HttpProblem } from '@scholar/runtime/http';
import type { Request } from 'express';

const HEADER = 'idempotency-key';
const KEY = /^[\w.:-]{1,100}$/;

/**
 * The key by which a repetition of a request is known; undefined without one.
 * @throws HttpProblem 422 where it is none
 */
export function readIdempotencyKey(request: Pick<Request, 'get'>): string | undefined {
  const key = request.get(HEADER);
  if (key === undefined || KEY.test(key)) return key;
  throw new HttpProblem({
    status: 422,
    code: 'validation_failed',
    detail: 'The header Idempotency-Key has to be 1 to 100 letters, digits and . : _ -',
    fields: { errors: [{ pointer: '', expected: 'an Idempotency-Key of letters, digits and . : _ -' }] },
  });
}

/**
 * The id of what an owner makes: with a key always the same one, which no other owner's key leads to, so the primary key
 * is what makes it happen once. A uuid of version 8 (RFC 9562, 5.8).
 */
export function idOfNew(owner: string, key: string | undefined): string {
  if (key === undefined) return randomUUID();
  const bytes = createHash('sha256')
    .update(JSON.stringify([owner, key]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
