import { eventHeaders, HEADER, judgeAnswer, type Verdict } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { QueuedEvent } from '../outbox/index.ts';
import type { Destination } from './destination.ts';
import type { Sender } from './sender.ts';

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
}): Promise<Attempted> {
  const { event, destination, sender, forwarderId, clock } = options;
  const headers = eventHeaders({
    label: event.headers[HEADER.label] ?? '',
    eventId: event.eventId,
    key: destination.key,
    canary: event.headers[HEADER.canary],
    traceparent: event.headers[HEADER.traceparent],
    forwarderId,
  });
  const startMs = clock.monotonic();
  const { origin, path } = destination;
  const sent = await sender.send({ origin, path, headers, body: event.body });
  const writeMs = clock.monotonic() - startMs;
  if ('unreachable' in sent) {
    return { kind: 'unreachable', code: sent.unreachable, writeMs, label: 'unreachable' };
  }
  const verdict = judgeAnswer(sent.answer, event.eventId, clock.now());
  return { ...verdict, writeMs, label: retryLabel(verdict.kind, sent.answer.status) };
}

/** A bounded set of label values, whatever a proxy comes up with. */
function retryLabel(kind: Verdict['kind'], status: number): string {
  if (kind === 'hold') return 'hold';
  if (status < 300) return 'no_receipt';
  return status === 408 || status === 429 ? String(status) : '5xx';
}
