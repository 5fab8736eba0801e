import type { ServerResponse } from 'node:http';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemDocument } from '@scholar/contract';
import { ANSWER_HEADERS } from '@scholar/runtime/listener';

/** When legacy names were deprecated, 2026-11-01, as the structured date of RFC 9745. */
const DEPRECATED_AT = '@1793491200';

/** The request id is ours or passed `REQUEST_ID`, the event id is a uuid, so no value needs escaping. */
export function sendReceipt(
  response: ServerResponse,
  receipt: {
    eventId: string;
    receivedAt: string;
    duplicate: boolean;
    requestId: string;
    /** Told to forwarders only: what others get is the receipt that it always was. */
    ownRow: boolean | undefined;
    legacy: boolean;
  },
): void {
  const { eventId, receivedAt, duplicate, requestId, ownRow, legacy } = receipt;
  const own = ownRow === undefined ? '' : `,"own_row":${ownRow}`;
  const body = `{"accepted":true,"persisted":true,"event_id":"${eventId}","received_at":"${receivedAt}","duplicate":${duplicate},"request_id":"${requestId}"${own}}`;
  response.writeHead(duplicate ? 200 : 201, {
    ...ANSWER_HEADERS,
    'content-type': 'application/json',
    'content-length': body.length,
    'x-request-id': requestId,
    ...(legacy ? { deprecation: DEPRECATED_AT } : undefined),
  });
  response.end(body);
}

export type ProblemExtras = {
  requestId: string;
  retryAfterS?: number | undefined;
  /** The body was not read to its end, so the connection cannot serve another request. */
  closeConnection?: boolean;
};

/** Answers with a problem document and the header fields that its status calls for (RFC 9110). */
export function sendProblem(response: ServerResponse, problem: ProblemDocument, extras: ProblemExtras): void {
  const { requestId, retryAfterS, closeConnection } = extras;
  const body = JSON.stringify({ ...problem, request_id: requestId });
  const headers: Record<string, string | number> = {
    ...ANSWER_HEADERS,
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
  };
  if (retryAfterS !== undefined) headers['retry-after'] = retryAfterS;
  if (problem.code === 'unauthorized') headers['www-authenticate'] = 'Bearer';
  if (problem.code === 'method_not_allowed') headers['allow'] = 'GET, POST';
  if (closeConnection) headers['connection'] = 'close';
  response.writeHead(PROBLEMS[problem.code].status, headers);
  response.end(body);
}
