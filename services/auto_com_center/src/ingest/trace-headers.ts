import { randomUUID } from 'node:crypto';
import {
  FORWARDER_ID_SHAPE,
  formatTraceparent,
  HEADER,
  type HeaderBag,
  headerText,
  parseTraceparent,
  type TraceContext,
} from '@scholar/contract';

/** Plain characters only: the id goes into logs, headers and JSON as it is. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{8,64}$/;

/** The caller's request id where it has a harmless shape, else a fresh one. */
export function requestIdOf(headers: HeaderBag): string {
  return shaped(headers, HEADER.requestId, REQUEST_ID) ?? randomUUID();
}

export function forwarderIdOf(headers: HeaderBag): string | undefined {
  return shaped(headers, HEADER.forwarder, FORWARDER_ID_SHAPE);
}

/** The sender's place in its trace; undefined where the header is none that can be continued. */
export function traceOf(headers: HeaderBag): TraceContext | undefined {
  return parseTraceparent(headerText(headers, HEADER.traceparent));
}

export function traceparentOf(headers: HeaderBag): string | undefined {
  const context = traceOf(headers);
  return context && formatTraceparent(context);
}

function shaped(headers: HeaderBag, name: string, shape: RegExp): string | undefined {
  const value = headerText(headers, name);
  return value !== undefined && shape.test(value) ? value : undefined;
}
