import { normalizeEventId } from '../ids.ts';
import { PROBLEMS } from '../problems/catalogue.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemDocument, parseProblem } from '../problems/problem-document.ts';
import { parseReceipt, type Receipt } from '../receipt.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Why a forwarder keeps everything and sends nothing but a slow probe. */
export type HoldReason =
  | 'no_key'
  | 'no_url'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'gone'
  | 'unsupported_protocol'
  | 'redirect'
  | 'unexpected_answer'
  | 'contract_mismatch';

/** What came back from A8, or from whatever stands in its place. */
export type Answer = {
  status: number;
  contentType: string | undefined;
  retryAfter: string | undefined;
  body: string;
};

export type Verdict =
  | { kind: 'delivered'; receipt: Receipt }
  | { kind: 'retry'; reason: string; retryAfterMs?: number }
  | { kind: 'dead'; problem: ProblemDocument }
  | { kind: 'hold'; reason: HoldReason; detail: string };

/** The statuses that may speak of one event alone (architecture, section 4). */
const EVENT_FAULT = new Set([400, 409, 413, 415, 422]);

const HOLD: Readonly<Record<number, HoldReason>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  410: 'gone',
  426: 'unsupported_protocol',
};

/**
 * What the forwarder does with an answer: the verdict table of the architecture, section 4. Only a receipt with
 * `persisted:true` and our id settles an event as stored; only a problem of our own catalogue that names our id
 * buries one. Anything else is drift or a proxy in between, and costs no event.
 */
export function judgeAnswer(answer: Answer, eventId: string, nowMs: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, eventId, nowMs);
  if (status === 408 || status === 429 || (status >= 500 && status < 600)) {
    return retry(`A8 answered ${status}`, answer, nowMs);
  }
  if (EVENT_FAULT.has(status)) {
    const problem = eventProblem(answer, eventId);
    if (problem !== undefined) return { kind: 'dead', problem };
  }
  return hold(answer);
}

function judgeSuccess(answer: Answer, eventId: string, nowMs: number): Verdict {
  const receipt = parseReceipt(parseJson(answer.body), eventId);
  if (receipt !== undefined) return { kind: 'delivered', receipt };
  return retry(`A8 answered ${answer.status} without a receipt for this event`, answer, nowMs);
}

function retry(reason: string, answer: Answer, nowMs: number): Verdict {
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  return retryAfterMs === undefined ? { kind: 'retry', reason } : { kind: 'retry', reason, retryAfterMs };
}

function eventProblem(answer: Answer, eventId: string): ProblemDocument | undefined {
  if (mediaType(answer) !== PROBLEM_MEDIA_TYPE) return undefined;
  const problem = parseProblem(parseJson(answer.body));
  if (problem === undefined || problem.status !== answer.status) return undefined;
  if (PROBLEMS[problem.code].scope !== 'event' || problem.event_id === undefined) return undefined;
  return normalizeEventId(problem.event_id) === normalizeEventId(eventId) ? problem : undefined;
}

function hold(answer: Answer): Verdict {
  const { status } = answer;
  const redirect = status >= 300 && status < 400;
  const reason = redirect ? 'redirect' : (HOLD[status] ?? 'unexpected_answer');
  const problem = mediaType(answer) === PROBLEM_MEDIA_TYPE ? parseProblem(parseJson(answer.body)) : undefined;
  const told =
    problem === undefined ? describeStranger(answer) : `${problem.code}: ${PROBLEMS[problem.code].advice}`;
  return { kind: 'hold', reason, detail: `A8_URL answered ${status}, ${told}` };
}

/** Never the body: it is a stranger's text, and it may repeat what we sent. */
function describeStranger(answer: Answer): string {
  return `${mediaType(answer) ?? 'no content type'}, ${answer.body.length} characters, not a problem of A8 for this event; check A8_URL and what stands in between`;
}

function mediaType(answer: Answer): string | undefined {
  return answer.contentType?.split(';', 1)[0]?.trim().toLowerCase();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
