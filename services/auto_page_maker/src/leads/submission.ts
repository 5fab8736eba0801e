import { createHash, createHmac } from 'node:crypto';

/** What a visitor left, validated; `email` is normalised (trimmed, lower case). */
export type Submission = {
  email: string;
  name?: string | undefined;
  scholarshipId?: string | undefined;
  page?: string | undefined;
};

/**
 * SHA-256 over everything the visitor sent, keyed, so that the column tells equal from different
 * and nothing about the address.
 */
export function contentFingerprint(key: Buffer, submission: Submission): Buffer {
  const { email, name, scholarshipId, page } = submission;
  const content = JSON.stringify([email, name ?? null, scholarshipId ?? null, page ?? null]);
  return createHmac('sha256', key).update(content).digest();
}

/**
 * Key of a JSON submission with an Idempotency-Key header: one key, one lead. Hashed, because callers put all kinds
 * of things into that header.
 */
export function headerSubmissionKey(header: string): Buffer {
  return createHash('sha256').update(`header:${header}`).digest();
}

/**
 * Key of a form submission. The content takes part: a page that a cache served to two visitors carries one nonce,
 * and both their leads count; the same visitor pressing the button twice sends the same content.
 */
export function formSubmissionKey(nonce: string, content: Buffer): Buffer {
  return createHash('sha256').update(`form:${nonce}:`).update(content).digest();
}
