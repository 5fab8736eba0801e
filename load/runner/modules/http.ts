/** The module `k6/http`, as far as our scripts use it: `asyncRequest` and `expectedStatuses`. */
import { Agent } from 'undici';
import { here, type Place } from '../context.ts';
import { type Exchanged, exchange } from '../http/exchange.ts';
import { asExpected, DEFAULT_EXPECTED, type ExpectedStatuses, expectedStatuses } from '../http/expected.ts';
import { durationMs } from '../plan/duration.ts';
import { tagsOf } from '../tags.ts';

interface Params {
  headers?: Record<string, string>;
  tags?: Record<string, string>;
  timeout?: string | number;
  responseCallback?: ExpectedStatuses | null;
  responseType?: 'text' | 'none';
}
const PARAMS = new Set(['headers', 'tags', 'timeout', 'responseCallback', 'responseType']);
const DEFAULT_TIMEOUT = '60s';

/** Kept connections, as many as there are requests at once; the bounds of time are the request's own. */
const agent = new Agent({ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });

async function asyncRequest(method: string, url: string, body?: unknown, params: Params = {}) {
  const place = here('http.asyncRequest');
  const { headers = {}, timeout = DEFAULT_TIMEOUT } = params;
  const unknown = Object.keys(params).find((name) => !PARAMS.has(name));
  if (unknown !== undefined)
    throw new Error(`http.asyncRequest knows no ${unknown} here: ${[...PARAMS].join(', ')}`);
  const expected = params.responseCallback == null ? DEFAULT_EXPECTED : asExpected(params.responseCallback);
  const { origin, pathname, search } = new URL(url);
  const sent = { 'user-agent': place.run.userAgent ?? 'scholar-load', ...headers };
  const bytes = bytesOf(body);
  const upper = method.toUpperCase();
  const answer = await exchange(
    agent,
    { origin, path: pathname + search, method: upper, headers: sent, body: bytes },
    durationMs(timeout),
  );
  measure(place, answer, { method: upper, url, bytes, expected, tags: params.tags ?? {} });
  const discard =
    params.responseType === 'none' || (params.responseType === undefined && place.run.discardResponseBodies);
  return responseOf(answer, { method: upper, url, headers: sent, discard });
}

function measure(
  place: Place,
  answer: Exchanged,
  of: {
    method: string;
    url: string;
    bytes: Buffer | null;
    expected: ExpectedStatuses;
    tags: Record<string, string>;
  },
): void {
  const { metrics } = place.run;
  const isExpected = answer.error === '' && of.expected(answer.status);
  const tags = {
    ...tagsOf(place),
    // k6 gives a request that has a name that name as its url, too: one series for all ids in a path.
    ...{ method: of.method, url: of.tags['name'] ?? of.url, name: of.url, status: String(answer.status) },
    ...(answer.errorCode === 0 ? {} : { error_code: String(answer.errorCode) }),
    expected_response: String(isExpected),
    ...of.tags,
  };
  metrics.add('http_reqs', 1, tags);
  metrics.add('http_req_failed', isExpected ? 0 : 1, tags);
  for (const part of ['duration', 'blocked', 'sending', 'waiting', 'receiving'] as const)
    metrics.add(`http_req_${part}`, answer.timings[part], tags);
  metrics.add('data_sent', of.bytes?.length ?? 0, tags);
  metrics.add('data_received', answer.body.length, tags);
}

function responseOf(
  answer: Exchanged,
  of: { method: string; url: string; headers: Record<string, string>; discard: boolean },
) {
  const body = of.discard ? null : answer.body.toString();
  return {
    ...{ url: of.url, status: answer.status, status_text: answer.statusText, headers: answer.headers, body },
    ...{ timings: answer.timings, error: answer.error, error_code: answer.errorCode },
    request: { method: of.method, url: of.url, headers: of.headers },
    /** @param selector keys joined by dots. @throws Error when the body is no JSON */
    json(selector?: string): unknown {
      const document: unknown = JSON.parse(body ?? '');
      if (selector === undefined) return document;
      return selector.split('.').reduce<unknown>((inner, key) => Object(inner)[key], document);
    },
  };
}

/** @throws TypeError for what k6 would send as a form: our scripts send none */
function bytesOf(body: unknown): Buffer | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  throw new TypeError('the body of a request is a string or an ArrayBuffer here');
}

/** These would stop the whole process, not one VU. */
function blocking(name: string) {
  return (): never => {
    throw new Error(
      `http.${name} waits for its answer and would hold up every VU here: await http.asyncRequest(…)`,
    );
  };
}

export default {
  ...{ asyncRequest, expectedStatuses },
  ...{ get: blocking('get'), post: blocking('post'), put: blocking('put'), patch: blocking('patch') },
  ...{ del: blocking('del'), head: blocking('head'), options: blocking('options') },
  ...{ request: blocking('request'), batch: blocking('batch') },
};
export { asyncRequest, expectedStatuses };
