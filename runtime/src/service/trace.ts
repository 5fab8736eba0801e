import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { HEADER } from '@scholar/contract';
import type { RequestHandler } from 'express';
import { requestIdOf } from '../http/index.ts';

/** What links the work of one request across processes (W3C Trace Context, and our request id). */
export type Trace = { traceparent: string; requestId: string };

export type Tracing = {
  middleware: RequestHandler;
  /** The trace of the request that is being answered; undefined in background work. */
  current(): Trace | undefined;
};

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Continues the caller's trace where its header is sane, else begins one. */
export function createTracing(): Tracing {
  const storage = new AsyncLocalStorage<Trace>();
  return {
    middleware(request, response, next) {
      const traceparent = continued(request.get(HEADER.traceparent));
      storage.run({ traceparent, requestId: requestIdOf(response) }, next);
    },
    current: () => storage.getStore(),
  };
}

function continued(inbound: string | undefined): string {
  const traceId = inbound !== undefined && TRACEPARENT.test(inbound) ? inbound.slice(3, 35) : hex(16);
  return `00-${traceId}-${hex(8)}-01`;
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
