import { z } from 'zod';
import { isUuidV4, normalizeEventId } from './ids.ts';

/** A8's word that the event is a committed row. Extra keys are allowed, so that a newer A8 may say more. */
export const receiptSchema = z.object({
  accepted: z.literal(true),
  persisted: z.literal(true),
  event_id: z.string().refine(isUuidV4).meta({ format: 'uuid' }),
  received_at: z.iso.datetime({ offset: true }),
  duplicate: z.boolean(),
  request_id: z.string(),
  /** Only where the request told an x-forwarder-id: is that the one of the row's first delivery? Then the forwarder counts it. */
  own_row: z.boolean().optional(),
});

export type Receipt = z.infer<typeof receiptSchema>;

/** The forwarder's word that the event is on its disk; A8 may not have it yet. */
export const queuedReceiptSchema = z.object({
  accepted: z.literal(true),
  persisted: z.literal(false),
  queued: z.literal(true),
  event_id: z.string().refine(isUuidV4).meta({ format: 'uuid' }),
});

export type QueuedReceipt = z.infer<typeof queuedReceiptSchema>;

/** The receipt when it is one, says `persisted:true` and speaks of this event (letter case aside). */
export function parseReceipt(value: unknown, eventId: string): Receipt | undefined {
  const parsed = receiptSchema.safeParse(value);
  if (!parsed.success) return undefined;
  return normalizeEventId(parsed.data.event_id) === normalizeEventId(eventId) ? parsed.data : undefined;
}
