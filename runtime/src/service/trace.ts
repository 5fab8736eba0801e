import { AsyncLocalStorage } from 'node:async_hooks';
import { formatTraceparent, HEADER, parseTraceparent, type TraceContext } from '@scholar/contract';
import type { Request, RequestHandler } from 'express';
import type { Clock } from '../clock/index.ts';
import { observeAnswer, requestIdOf, TRACE_FIELD, tracePage } from '../http/index.ts';
import { beginSpan, httpAttributes, type Tracer } from '../tracing/index.ts';

/** What links the work of one request across processes (W3C Trace Context, and our request id). */
export type Trace = { context: TraceContext; requestId: string };

export type Tracing = {
  middleware: RequestHandler;
  /** The trace of the request that is being answered; undefined in background work. */
  current(): Trace | undefined;
};

/**
 * Continues the caller's trace where it names one that can be continued, else begins one. The caller names it by the header,
 * or, where a form was posted, by the field that the page put into it.
 */
export function createTracing({ tracer, clock }: { tracer: Tracer; clock: Clock }): Tracing {
  const storage = new AsyncLocalStorage<Trace>();
  return {
    middleware(request, response, next) {
      const parent = parseTraceparent(request.get(HEADER.traceparent) ?? takeField(request));
      const context = beginSpan(parent);
      tracePage(response, formatTraceparent(context));
      if (tracer.recording) {
        const startMs = clock.now();
        observeAnswer(request, response, ({ method, route, status, durationMs }) =>
          tracer.record({
            name: route === undefined ? method : `${method} ${route}`,
            kind: 'server',
            ...{ context, parent, startMs, durationMs },
            attributes: httpAttributes({ method, route, status }),
            error: status >= 500 ? String(status) : undefined,
          }),
        );
      }
      storage.run({ context, requestId: requestIdOf(response) }, next);
    },
    current: () => storage.getStore(),
  };
}

/** Takes the field out, so that no route has to know of it. */
function takeField(request: Request): string | undefined {
  if (!request.is('urlencoded') || typeof request.body !== 'object' || request.body === null)
    return undefined;
  const { [TRACE_FIELD]: field, ...body } = request.body as Record<string, unknown>;
  request.body = body;
  return typeof field === 'string' ? field : undefined;
}
