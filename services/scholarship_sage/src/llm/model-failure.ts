import { TooMuch, UnexpectedStatus } from '@scholar/runtime/sse';

/** Why the model gave no answer; a label of a metric. */
export type FailureReason =
  | 'unreachable'
  | 'slow'
  | 'throttled'
  | 'status'
  | 'nonsense'
  | 'oversized'
  | 'broken_off';

/** The model gave no whole answer. The message holds nothing of what was asked or answered. */
export class ModelFailure extends Error {
  readonly why: FailureReason;

  constructor(why: FailureReason, message: string) {
    super(message);
    this.why = why;
  }
}

/** @returns the failure that an error of the connection means; its text, which may hold the question, is left behind. */
export function toModelFailure(error: unknown, { began }: { began: boolean }): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof TooMuch) return new ModelFailure('oversized', 'LLM_URL answers too much');
  if (error instanceof UnexpectedStatus) {
    const why = error.status === 429 ? 'throttled' : 'status';
    return new ModelFailure(why, `LLM_URL answers with status ${error.status}`);
  }
  return began
    ? new ModelFailure('broken_off', 'the answer of LLM_URL broke off')
    : new ModelFailure('unreachable', 'LLM_URL cannot be reached');
}
