import { isUuidV4, normalizeEventId } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Delivery } from '../delivery/delivery.ts';
import { roundMs } from '../delivery/ledger.ts';
import type { EventStatus, Outbox } from '../outbox/index.ts';
import { receiptOf } from './accept-event.ts';
import { ok, type Reply, refuse } from './answer.ts';

export type FindDeps = { outbox: Pick<Outbox, 'get'>; delivery: Delivery; clock: Clock };

/** `GET /events/{id}`: queued, held, delivered with its receipt, dead with the problem, discarded; or 404. */
export async function findEvent(id: string, deps: FindDeps): Promise<Reply> {
  if (!isUuidV4(id))
    return refuse('invalid_event_id', { expected: 'a uuid-v4 in the path', got: 'something else' });
  const eventId = normalizeEventId(id);
  const status = await deps.outbox.get(eventId);
  if (!status) {
    const detail =
      'This forwarder never accepted this event, or delivered it longer ago than OUTBOX_RETAIN_HOURS.';
    return refuse('not_found', { eventId, detail });
  }
  return ok(200, describeEvent(status, deps));
}

/** One event for people and scripts (interfaces: `GET /events/{id}`). Times are ISO-8601, durations ms. */
export function describeEvent(
  status: EventStatus,
  { delivery, clock }: Pick<FindDeps, 'delivery' | 'clock'>,
) {
  const { eventId, state, delivery: note, burial } = status;
  const progress = delivery.progress(eventId);
  const hold = state === 'queued' ? delivery.machine.hold : undefined;
  const nextMs = hold ? delivery.machine.notBeforeMs : progress.dueMs;
  return {
    event_id: eventId,
    state: hold ? 'held' : state,
    attempts: note ? note.retries + 1 : (burial?.attempts ?? progress.attempts),
    accepted_at: iso(status.acceptedAt),
    first_attempt_at: progress.firstAtMs === undefined ? null : iso(progress.firstAtMs),
    last_miss: progress.lastMiss ?? null,
    delivered_at: note ? iso(note.deliveredAt) : null,
    write_ms: note ? roundMs(note.writeMs) : null,
    retries: note?.retries ?? Math.max(0, progress.attempts - 1),
    receipt: note ? receiptOf(eventId, note) : null,
    problem: burial?.problem ?? null,
    buried_at: burial ? iso(burial.buriedAt) : null,
    hold_reason: hold?.reason ?? null,
    next_attempt_at:
      state === 'queued' && nextMs !== undefined ? iso(clock.now() + nextMs - clock.monotonic()) : null,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
