import {
  eventHeaders,
  formatTraceparent,
  HEADER,
  judgeAnswer,
  parseTraceparent,
  type Verdict,
} from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import {
  beginSpan,
  httpAttributes,
  messageAttributes,
  type Span,
  type SpanAttributes,
  type Tracer,
} from '@scholar/runtime/tracing';
import type { QueuedEvent } from '../outbox/index.ts';
import type { Destination } from './destination.ts';
import type { Sender, Sent } from './sender.ts';

/** What one attempt came to. `label` is the value of the reason label of `forwarder_retries_total`. */
export type Attempted = { writeMs: number; label: string } & (
  | Verdict
  | { kind: 'unreachable'; code: string }
);

/**
 * Sends the exact bytes that were stored, with the key of this moment; the contract alone judges the answer.
 * Never rejects.
 */
export async function attempt(options: {
  event: QueuedEvent;
  destination: Extract<Destination, { ok: true }>;
  sender: Sender;
  forwarderId: string;
  clock: Clock;
  tracer: Tracer;
}): Promise<Attempted> {
  const { event, destination, sender, forwarderId, clock, tracer } = options;
  const parent = parseTraceparent(event.headers[HEADER.traceparent]);
  // A place in the trace that nobody records would leave A8 below one that cannot be found.
  const span = tracer.recording ? { context: beginSpan(parent), parent, startMs: clock.now() } : undefined;
  const place = span?.context ?? parent;
  const headers = eventHeaders({
    label: event.headers[HEADER.label] ?? '',
    eventId: event.eventId,
    key: destination.key,
    canary: event.headers[HEADER.canary],
    traceparent: place && formatTraceparent(place),
    forwarderId,
  });
  const startMs = clock.monotonic();
  const { origin, path } = destination;
  const sent = await sender.send({ origin, path, headers, body: event.body });
  const writeMs = clock.monotonic() - startMs;
  if (span) {
    const message = messageAttributes({ operation: 'send', destination: 'a8', eventId: event.eventId });
    tracer.record({
      ...{ name: 'send a8', kind: 'client', durationMs: writeMs },
      ...span,
      ...outcomeOf(sent, message),
    });
  }
  if ('unreachable' in sent) {
    return { kind: 'unreachable', code: sent.unreachable, writeMs, label: 'unreachable' };
  }
  const verdict = judgeAnswer(sent.answer, event.eventId, clock.now());
  return { ...verdict, writeMs, label: retryLabel(verdict.kind, sent.answer.status) };
}

function outcomeOf(sent: Sent, message: SpanAttributes): Pick<Span, 'attributes' | 'error'> {
  if ('unreachable' in sent) return { attributes: message, error: sent.unreachable };
  const { status } = sent.answer;
  const attributes = { ...message, ...httpAttributes({ method: 'POST', route: '/events', status }) };
  return { attributes, error: status >= 400 ? String(status) : undefined };
}

/** A bounded set of label values, whatever a proxy comes up with. */
function retryLabel(kind: Verdict['kind'], status: number): string {
  if (kind === 'hold') return 'hold';
  if (status < 300) return 'no_receipt';
  return status === 408 || status === 429 ? String(status) : '5xx';
}
