import { PROTOCOL } from './apps.ts';

/** Every header name of the contract, in lower case as node:http delivers them. */
export const HEADER = {
  contentType: 'content-type',
  protocol: 'x-scholar-protocol',
  label: 'x-app-label',
  eventId: 'x-event-id',
  authorization: 'authorization',
  canary: 'x-scholar-canary',
  forwarder: 'x-forwarder-id',
  traceparent: 'traceparent',
  requestId: 'x-request-id',
} as const;

/** What A8 keeps of `x-forwarder-id`; anything else counts as no forwarder. */
export const FORWARDER_ID_SHAPE = /^[A-Za-z0-9._:@-]{1,128}$/;

export type EventHeaders = {
  label: string;
  eventId: string;
  /** A8_KEY; left out on the way from an app to its own forwarder. */
  key?: string | undefined;
  canary?: string | undefined;
  traceparent?: string | undefined;
  forwarderId?: string | undefined;
};

/** Builds the headers of one event. Nothing else in this repository does. */
export function eventHeaders(input: EventHeaders): Record<string, string> {
  const headers: Record<string, string> = {
    [HEADER.contentType]: 'application/json',
    [HEADER.protocol]: PROTOCOL,
    [HEADER.label]: input.label,
    [HEADER.eventId]: input.eventId,
  };
  if (input.key !== undefined) headers[HEADER.authorization] = `Bearer ${input.key}`;
  if (input.canary !== undefined) headers[HEADER.canary] = input.canary;
  if (input.traceparent !== undefined) headers[HEADER.traceparent] = input.traceparent;
  if (input.forwarderId !== undefined) headers[HEADER.forwarder] = input.forwarderId;
  return headers;
}

/** Header values as node:http and undici hand them over. */
export type HeaderBag = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * One header as text, trimmed. A header that was sent twice is joined by ", " (RFC 9110, section 5.2), so that
 * two answers to a question that allows one are refused instead of one of them being believed.
 */
export function headerText(headers: HeaderBag, name: string): string | undefined {
  const value = headers[name];
  if (typeof value === 'string') return value.trim();
  return value === undefined ? undefined : value.join(', ').trim();
}

const BEARER = /^Bearer +([^\s,]+)$/i;

/** The token of `Authorization: Bearer <token>` (RFC 6750); undefined for anything else. */
export function bearerToken(headers: HeaderBag): string | undefined {
  const value = headerText(headers, HEADER.authorization);
  return value === undefined ? undefined : BEARER.exec(value)?.[1];
}
