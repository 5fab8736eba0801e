import { HEADER } from '@scholar/contract';
import got, { type Got } from 'got';
import type { Tracing } from './trace.ts';

/** A client for other services: JSON, 5 s, no retries, no redirects, and the trace of the request under way. */
export function createFetchJson(options: { label: string; tracing: Pick<Tracing, 'current'> }): Got {
  return got.extend({
    timeout: { request: 5_000 },
    retry: { limit: 0 },
    followRedirect: false,
    responseType: 'json',
    headers: { accept: 'application/json', 'user-agent': `scholar ${options.label}` },
    hooks: {
      beforeRequest: [
        (request) => {
          const trace = options.tracing.current();
          if (trace === undefined) return;
          request.headers[HEADER.traceparent] ??= trace.traceparent;
          request.headers[HEADER.requestId] ??= trace.requestId;
        },
      ],
    },
  });
}
