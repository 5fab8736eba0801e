import type { IncomingMessage } from 'node:http';
import type { TraceContext } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import { beginSpan, httpAttributes, messageAttributes, type Tracer } from '@scholar/runtime/tracing';
import { traceOf } from './trace-headers.ts';

/** An event that was answered. */
export type AnsweredEvent = {
  request: IncomingMessage;
  /** When its last byte had come, monotonic ms. */
  sinceMs: number;
  status: number;
  /** Known where it was admitted. */
  eventId?: string | undefined;
  /** Present where a row holds it: after how many ms from `sinceMs` its transaction had committed. */
  stored?: { ms: number };
};

export type TraceArrival = (answered: AnsweredEvent) => void;

/** Makes two spans of an answered event: that it was received, and below it the wait for its batch and the commit. */
export function createTraceArrival(tracer: Tracer, clock: Clock): TraceArrival | undefined {
  if (!tracer.recording) return undefined;
  return ({ request, sinceMs, status, eventId, stored }) => {
    const durationMs = clock.monotonic() - sinceMs;
    const startMs = clock.now() - durationMs;
    const parent = traceOf(request.headers);
    const context = beginSpan(parent);
    const message = eventId && messageAttributes({ operation: 'receive', destination: 'a8', eventId });
    tracer.record({
      name: 'POST /events',
      kind: 'server',
      ...{ context, parent, startMs, durationMs },
      attributes: { ...httpAttributes({ method: 'POST', route: '/events', status }), ...(message || {}) },
      error: status >= 500 ? String(status) : undefined,
    });
    if (stored !== undefined) tracer.record(commitSpan({ parent: context, startMs, durationMs: stored.ms }));
  };
}

function commitSpan({
  parent,
  startMs,
  durationMs,
}: {
  parent: TraceContext;
  startMs: number;
  durationMs: number;
}) {
  return {
    name: 'INSERT events',
    kind: 'client' as const,
    ...{ context: beginSpan(parent), parent, startMs, durationMs },
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': 'INSERT',
      'db.collection.name': 'events',
    },
  };
}
