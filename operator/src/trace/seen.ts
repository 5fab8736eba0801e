import { z } from 'zod';

/** What was answered to the question for one event: it, that there is none, or why nobody could say. */
export type Asked<T> = { found: T } | { none: true } | { unasked: string };

/** Of `GET /events/{id}` of a forwarder; what an older one does not tell yet is null. */
export const forwarderSeen = z.looseObject({
  state: z.enum(['queued', 'held', 'delivered', 'dead', 'discarded', 'quarantined']),
  attempts: z.number(),
  accepted_at: z.string(),
  first_attempt_at: z.string().nullish(),
  last_miss: z.string().nullish(),
  delivered_at: z.string().nullable(),
  write_ms: z.number().nullable(),
  retries: z.number(),
  problem: z.looseObject({ code: z.string(), pointer: z.string().optional() }).nullable(),
  buried_at: z.string().nullish(),
  hold_reason: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
});
export type ForwarderSeen = z.infer<typeof forwarderSeen>;

/** Of `GET /events/{id}` of A8. */
export const rowSeen = z.looseObject({
  app_label: z.string(),
  occurred_at: z.string(),
  received_at: z.string(),
  deliveries: z.number(),
  forwarder_id: z.string().nullable(),
  traceparent: z.string().nullable(),
  erased_at: z.string().nullable(),
});
export type RowSeen = z.infer<typeof rowSeen>;

/** Of `/outbox?event_id=` on the ops port of an app. */
export const outboxSeen = z.looseObject({
  state: z.enum(['gone', 'waiting', 'parked']),
  recorded_at: z.string().nullable(),
  attempts: z.number(),
  next_attempt_at: z.string().nullable(),
  problem: z.string().nullable(),
  failing: z.string().nullable(),
});
export type OutboxSeen = z.infer<typeof outboxSeen>;

/** Everything that was asked about one event. */
export interface Seen {
  eventId: string;
  row: Asked<RowSeen>;
  forwarders: readonly { label: string; asked: Asked<ForwarderSeen> }[];
  outboxes: readonly { label: string; asked: Asked<OutboxSeen> }[];
}

/** The first that was found, with the app whose it is. */
export function firstFound<T>(
  all: readonly { label: string; asked: Asked<T> }[],
): { label: string; found: T } | undefined {
  for (const { label, asked } of all) if ('found' in asked) return { label, found: asked.found };
  return undefined;
}
