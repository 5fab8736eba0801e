import {
  type Answer,
  judgeAnswer,
  normalizeEventId,
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  parseProblem,
  parseReceipt,
  parseRetryAfter,
  queuedReceiptSchema,
} from '@scholar/contract';
import { EmitRefused, EmitUnavailable } from './emission.ts';

/** Where only a person or a repair can help, asking more often would only fill logs. */
export const SLOW_RETRY_MS = 30_000;

/**
 * What the answer of our own forwarder means: nothing when the event is on its disk (202) or in A8 (201), else the
 * error to throw. Only a problem of our catalogue that speaks of this event refuses it.
 */
export function judgeForwarder(answer: Answer, eventId: string, nowMs: number): Error | undefined {
  const body = parseJson(answer.body);
  const accepted = answer.status >= 200 && answer.status < 300;
  if (accepted && (isQueued(body, eventId) || parseReceipt(body, eventId))) return undefined;
  const problem = answer.contentType?.startsWith(PROBLEM_MEDIA_TYPE) ? parseProblem(body) : undefined;
  const speaksOfEvent =
    problem !== undefined &&
    problem.status === answer.status &&
    PROBLEMS[problem.code].scope === 'event' &&
    sameId(problem.event_id, eventId);
  if (speaksOfEvent) return new EmitRefused(problem);
  return new EmitUnavailable(`the forwarder answered ${answer.status}${problem ? ` ${problem.code}` : ''}`, {
    retryAfterMs: parseRetryAfter(answer.retryAfter, nowMs),
  });
}

/** The same for A8 itself (`EMIT_MODE=direct`): a hold is never a loss, only a slow retry. */
export function judgeHub(answer: Answer, eventId: string, nowMs: number): Error | undefined {
  const verdict = judgeAnswer(answer, eventId, nowMs);
  if (verdict.kind === 'delivered') return undefined;
  if (verdict.kind === 'dead') return new EmitRefused(verdict.problem);
  if (verdict.kind === 'hold') return new EmitUnavailable(verdict.detail, { retryAfterMs: SLOW_RETRY_MS });
  return new EmitUnavailable(verdict.reason, { retryAfterMs: verdict.retryAfterMs });
}

function isQueued(body: unknown, eventId: string): boolean {
  const parsed = queuedReceiptSchema.safeParse(body);
  return parsed.success && sameId(parsed.data.event_id, eventId);
}

function sameId(given: string | undefined, eventId: string): boolean {
  return given !== undefined && normalizeEventId(given) === normalizeEventId(eventId);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
