import { isAppLabel, PROTOCOL } from '../apps.ts';
import { HEADER, type HeaderBag, headerText } from '../headers.ts';
import { isUuidV4 } from '../ids.ts';
import { describe } from '../json/describe.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import { type AdmissionPolicy, type IngestRequest, type KeyDecision, MAX_BODY_BYTES } from './admission.ts';

/** What is wrong with a request, before it is made a problem document. */
export type Fault = {
  code: ProblemCode;
  pointer?: string | undefined;
  expected?: string | undefined;
  got?: string | undefined;
};

const LEGACY_PATH = /(?:^|\/)ingest\/?$/;
const JSON_MEDIA_TYPE = /^application\/json[ \t]*(?:;|$)/i;
const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*"?([^";, \t]*)"?/gi;

/** Make sure that it is POST /events, and that the legacy address says so. */
export function judgeRoute({ method, path }: IngestRequest): Fault | undefined {
  if (path === '/events' && method === 'POST') return undefined;
  const query = path.indexOf('?');
  const route = query < 0 ? path : path.slice(0, query);
  if (LEGACY_PATH.test(route)) return { code: 'legacy_endpoint', expected: 'POST /events' };
  if (route !== '/events') return { code: 'not_found', expected: 'POST /events' };
  return method === 'POST' ? undefined : { code: 'method_not_allowed', expected: 'POST' };
}

/** Make sure that nobody has to read more than one event can be. */
export function judgeSize(body: IngestRequest['body']): Fault | undefined {
  if (body !== 'too_large' && body.length <= MAX_BODY_BYTES) return undefined;
  const got = body === 'too_large' ? `more than ${MAX_BODY_BYTES} bytes` : `${body.length} bytes`;
  return { code: 'body_too_large', expected: `at most ${MAX_BODY_BYTES} bytes`, got };
}

/** Make sure that a key of the ring came with it; only the hub asks. */
export function judgeKey(decision: KeyDecision | undefined): Fault | undefined {
  return decision === undefined || decision.ok ? undefined : { code: decision.code };
}

/** Make sure that the body is declared as JSON in UTF-8 and nothing wraps it. */
export function judgeMediaType(headers: HeaderBag): Fault | undefined {
  const encoding = headerText(headers, 'content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return { code: 'unsupported_media_type', expected: 'no content-encoding', got: describe(encoding) };
  }
  const given = headerText(headers, HEADER.contentType);
  if (given === 'application/json') return undefined;
  if (given === undefined || !JSON_MEDIA_TYPE.test(given) || given.includes(',')) {
    return {
      code: 'unsupported_media_type',
      expected: 'content-type: application/json',
      got: describe(given),
    };
  }
  for (const [, charset = ''] of given.matchAll(CHARSET)) {
    if (!/^utf-?8$/i.test(charset)) {
      return { code: 'unsupported_media_type', expected: 'charset=utf-8', got: 'another charset' };
    }
  }
  return undefined;
}

/** Make sure that both sides speak of the same contract. */
export function judgeProtocol(headers: HeaderBag): Fault | undefined {
  const given = headerText(headers, HEADER.protocol);
  if (given === PROTOCOL) return undefined;
  const got = given === undefined ? 'nothing' : `${describe(given)} that is not ${PROTOCOL}`;
  return { code: 'unsupported_protocol', expected: `${HEADER.protocol}: ${PROTOCOL}`, got };
}

/** Make sure that the label is one of the seven, that of this forwarder, and one that the key may use. */
export function judgeLabel(
  headers: HeaderBag,
  ownLabel: AdmissionPolicy['ownLabel'],
  decision: KeyDecision | undefined,
): Fault | undefined {
  const given = headerText(headers, HEADER.label);
  if (!isAppLabel(given)) {
    return {
      code: 'unknown_label',
      expected: `${HEADER.label}: one of the seven labels`,
      got: describe(given),
    };
  }
  if (ownLabel !== undefined && given !== ownLabel) {
    return {
      code: 'label_mismatch',
      expected: `${HEADER.label}: ${ownLabel}`,
      got: 'the label of another app',
    };
  }
  if (decision?.ok === true && !decision.labels.includes(given)) {
    return { code: 'forbidden', expected: 'a key for this label', got: 'a key for other labels' };
  }
  return undefined;
}

/** Make sure that the event has an id under which it can be stored once. */
export function judgeEventId(headers: HeaderBag): Fault | undefined {
  const given = headerText(headers, HEADER.eventId);
  if (isUuidV4(given)) return undefined;
  return { code: 'invalid_event_id', expected: `${HEADER.eventId}: one uuid-v4`, got: describe(given) };
}
