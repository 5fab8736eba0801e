import { createHash } from 'node:crypto';
import type { ProblemDocument } from '@scholar/contract';

/** A refused event that came with a valid key, as it is kept: enough to find the fault, nothing of its content. */
export type Rejection = {
  at: Date;
  code: string;
  appLabel: string | null;
  eventId: string | null;
  pointer: string | null;
  expected: string | null;
  got: string | null;
  contentHash: Buffer | null;
  bodyHash: Buffer | null;
  sizeBytes: number;
  keyNames: string[];
  keyId: string;
  requestId: string;
  canaryId: string | null;
};

/** What is known of a refused request when its problem document is ready. */
export type RefusedRequest = {
  problem: ProblemDocument;
  nowMs: number;
  keyId: string;
  requestId: string;
  label: string | undefined;
  eventId: string | undefined;
  canaryId: string | undefined;
  contentHash: Buffer | undefined;
  /** Names of the keys of the body and of its payload, as the contract tells them; never a value. */
  keyNames: readonly string[];
  body: Buffer | 'too_large';
  size: number;
};

const MAX_TEXT = 200;
/** Pure: what is kept of a refused request. */
export function describeRejection(refused: RefusedRequest): Rejection {
  const { problem, body } = refused;
  return {
    at: new Date(refused.nowMs),
    code: problem.code,
    appLabel: refused.label ?? null,
    eventId: refused.eventId ?? null,
    pointer: bounded(problem.pointer),
    expected: bounded(problem.expected),
    got: bounded(problem.got),
    contentHash: refused.contentHash ?? null,
    bodyHash: body === 'too_large' ? null : createHash('sha256').update(body).digest(),
    sizeBytes: refused.size,
    keyNames: [...refused.keyNames],
    keyId: refused.keyId,
    requestId: refused.requestId,
    canaryId: refused.canaryId ?? null,
  };
}

/** PostgreSQL text holds no NUL, and a lone surrogate would not come back as it went in. */
function bounded(text: string | undefined): string | null {
  return text === undefined ? null : text.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, MAX_TEXT);
}
