import type { IncomingMessage } from 'node:http';
import {
  type AdmissionPolicy,
  admit,
  eventHeaders,
  formatTraceparent,
  HEADER,
  headerText,
  isUuidV4,
  normalizeEventId,
  parseProblem,
  parseTraceparent,
  type QueuedReceipt,
  type Receipt,
  type TraceContext,
} from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import {
  beginSpan,
  httpAttributes,
  messageAttributes,
  type SpanAttributes,
  type Tracer,
} from '@scholar/runtime/tracing';
import type { Outcome, Waiters } from '../delivery/waiters.ts';
import type { Appended, DeliveryNote, Outbox } from '../outbox/index.ts';
import { EventIdConflict, OutboxError, OutboxFull } from '../outbox/index.ts';
import { ok, type Reply, refuse, refuseWith } from './answer.ts';
import { preferredWaitMs } from './prefer.ts';

export type AcceptDeps = {
  outbox: Pick<Outbox, 'append' | 'get' | 'deadLetter'>;
  waiters: Pick<Waiters, 'wait'>;
  policy: AdmissionPolicy;
  appended: () => void;
  tracer: Tracer;
  clock: Clock;
};

/**
 * `POST /events`: the contract less the authorization, then the disk. The answer is a promise about a disk: `202`
 * after fsync; with `Prefer: wait=N`, `201` with A8's receipt when it comes within N seconds.
 * The same event again is `202` again, also when A8 has it already: an emitter needs one answer for "you may forget
 * it". If A8 refused it, the refusal is repeated.
 */
export async function acceptEvent(
  request: IncomingMessage,
  body: Buffer | 'too_large',
  deps: AcceptDeps,
): Promise<Reply> {
  const { tracer, clock } = deps;
  const parent = parseTraceparent(headerText(request.headers, HEADER.traceparent));
  const context = beginSpan(parent);
  const [startMs, sinceMs] = [clock.now(), clock.monotonic()];
  const reply = await accept({ request, body, context }, deps);
  if (tracer.recording) {
    const { status } = reply;
    tracer.record({
      name: 'POST /events',
      kind: 'server',
      ...{ context, parent, startMs, durationMs: clock.monotonic() - sinceMs },
      attributes: { ...httpAttributes({ method: 'POST', route: '/events', status }), ...messageOf(request) },
      error: status >= 500 ? String(status) : undefined,
    });
  }
  return reply;
}

type Arrival = {
  request: IncomingMessage;
  body: Buffer | 'too_large';
  /** Where in its trace the event is written to the disk; the attempts to deliver it stand below. */
  context: TraceContext;
};

async function accept({ request, body, context }: Arrival, deps: AcceptDeps): Promise<Reply> {
  const { headers } = request;
  const admission = admit(
    { method: request.method ?? '', path: request.url ?? '', headers, body },
    deps.policy,
  );
  if (!admission.ok || body === 'too_large') {
    return admission.ok ? refuse('body_too_large') : refuseWith(admission.problem);
  }
  const { eventId, label } = admission;
  let appended: Appended;
  try {
    appended = await deps.outbox.append({
      eventId,
      headers: eventHeaders({
        label,
        eventId,
        canary: sendable(headerText(headers, HEADER.canary)),
        traceparent: formatTraceparent(context),
      }),
      body,
    });
  } catch (error) {
    return refuseByDisk(error, eventId);
  }
  if (appended.outcome === 'appended') deps.appended();
  if (appended.state === 'dead') return repeatRefusal(eventId, deps);
  const waitMs = preferredWaitMs(headers['prefer']);
  return waitMs > 0 ? waitForReceipt({ eventId, waitMs, request, appended }, deps) : queued(eventId);
}

/** A token that could not be sent on is dropped, not refused. */
function sendable(token: string | undefined): string | undefined {
  return token !== undefined && /^[\x21-\x7e]{1,256}$/.test(token) ? token : undefined;
}

/** What the span says of the event; an id that is none could be anything. */
function messageOf({ headers }: IncomingMessage): SpanAttributes {
  const id = headerText(headers, HEADER.eventId);
  if (!isUuidV4(id)) return {};
  return messageAttributes({ operation: 'receive', destination: 'forwarder', eventId: normalizeEventId(id) });
}

function queued(eventId: string): Reply {
  const receipt: QueuedReceipt = { accepted: true, persisted: false, queued: true, event_id: eventId };
  return ok(202, receipt);
}

async function waitForReceipt(
  wait: { eventId: string; waitMs: number; request: IncomingMessage; appended: Appended },
  deps: AcceptDeps,
): Promise<Reply> {
  const { eventId, waitMs, request, appended } = wait;
  const applied = { 'preference-applied': `wait=${waitMs / 1000}` };
  if (appended.state === 'delivered') {
    const note = (await deps.outbox.get(eventId))?.delivery;
    if (note) return ok(201, receiptOf(eventId, note), applied);
  }
  const gone = new AbortController();
  const onClose = () => gone.abort();
  request.socket.once('close', onClose);
  const outcome = await deps.waiters.wait(eventId, waitMs, gone.signal);
  request.socket.off('close', onClose);
  return outcome ? concluded(outcome, applied) : { ...queued(eventId), headers: applied };
}

function concluded(outcome: Outcome, headers: Record<string, string>): Reply {
  return outcome.state === 'delivered' ? ok(201, outcome.receipt, headers) : refuseWith(outcome.problem);
}

/** A8's receipt as it was, from what the outbox keeps of it. */
export function receiptOf(eventId: string, note: DeliveryNote): Receipt {
  return {
    accepted: true,
    persisted: true,
    event_id: eventId,
    received_at: note.receivedAt,
    duplicate: note.duplicate,
    request_id: note.requestId,
  };
}

async function repeatRefusal(eventId: string, deps: AcceptDeps): Promise<Reply> {
  const problem = parseProblem((await deps.outbox.deadLetter(eventId))?.problem);
  return problem ? refuseWith(problem) : queued(eventId);
}

/** Every way in which the outbox can say no, as an answer. @throws what is not an error of the outbox. */
export function refuseByDisk(error: unknown, eventId: string): Reply {
  if (error instanceof OutboxFull) return refuse('outbox_full', { eventId, detail: error.message });
  if (error instanceof EventIdConflict)
    return refuse('event_id_conflict', { eventId, detail: error.message });
  if (error instanceof OutboxError) return refuse('unavailable', { eventId, detail: error.message });
  throw error;
}
