import { randomUUID } from 'node:crypto';
import { FORWARDER_ID_SHAPE, HEADER, type HeaderBag, headerText } from '@scholar/contract';

/** Plain characters only: the id goes into logs, headers and JSON as it is. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{8,64}$/;
/** W3C Trace Context, version 00 and later. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's request id where it has a harmless shape, else a fresh one. */
export function requestIdOf(headers: HeaderBag): string {
  return shaped(headers, HEADER.requestId, REQUEST_ID) ?? randomUUID();
}

export function forwarderIdOf(headers: HeaderBag): string | undefined {
  return shaped(headers, HEADER.forwarder, FORWARDER_ID_SHAPE);
}

export function traceparentOf(headers: HeaderBag): string | undefined {
  return shaped(headers, HEADER.traceparent, TRACEPARENT);
}

function shaped(headers: HeaderBag, name: string, shape: RegExp): string | undefined {
  const value = headerText(headers, name);
  return value !== undefined && shape.test(value) ? value : undefined;
}
