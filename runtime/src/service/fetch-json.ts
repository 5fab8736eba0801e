import { formatTraceparent, HEADER, type TraceContext } from '@scholar/contract';
import got, { type Got } from 'got';
import type { Clock } from '../clock/index.ts';
import { beginSpan, type Tracer } from '../tracing/index.ts';
import type { Tracing } from './trace.ts';

/** What is read of a request of got. */
type Request = { method: string; url?: URL | string | undefined };

type Call = { context: TraceContext; parent: TraceContext; startMs: number; sinceMs: number };

/** A client for other services: JSON, 5 s, no retries, no redirects, and the trace of the request under way. */
export function createFetchJson(options: {
  label: string;
  tracing: Pick<Tracing, 'current'>;
  tracer: Tracer;
  clock: Clock;
}): Got {
  const { label, tracing, tracer, clock } = options;
  const calls = new WeakMap<object, Call>();
  const end = (request: Request, outcome: { status?: number; error?: string }): void => {
    const call = calls.get(request);
    if (call === undefined) return;
    calls.delete(request);
    const { context, parent, startMs, sinceMs } = call;
    const { status, error = status !== undefined && status >= 400 ? String(status) : undefined } = outcome;
    tracer.record({
      // Which path is not said: it has ids in it, and only who serves it knows the template.
      name: request.method,
      kind: 'client',
      ...{ context, parent, startMs, error },
      durationMs: clock.monotonic() - sinceMs,
      attributes: {
        'http.request.method': request.method,
        'server.address': hostOf(request),
        ...(status === undefined ? {} : { 'http.response.status_code': status }),
      },
    });
  };
  return got.extend({
    timeout: { request: 5_000 },
    retry: { limit: 0 },
    followRedirect: false,
    responseType: 'json',
    headers: { accept: 'application/json', 'user-agent': `scholar ${label}` },
    hooks: {
      beforeRequest: [
        (request) => {
          const trace = tracing.current();
          if (trace === undefined) return;
          // Nobody is told when a stream that is read piece by piece has ended: no span of its own.
          const context = request.isStream ? trace.context : beginSpan(trace.context);
          request.headers[HEADER.traceparent] ??= formatTraceparent(context);
          request.headers[HEADER.requestId] ??= trace.requestId;
          if (!tracer.recording || request.isStream) return;
          const sinceMs = clock.monotonic();
          calls.set(request, { context, parent: trace.context, startMs: clock.now(), sinceMs });
        },
      ],
      afterResponse: [
        (response) => {
          end(response.request.options, { status: response.statusCode });
          return response;
        },
      ],
      beforeError: [
        (error) => {
          end(error.options, { error: error.code });
          return error;
        },
      ],
    },
  });
}

function hostOf({ url }: Request): string {
  return url === undefined ? '' : new URL(url).hostname;
}
