import { hash } from 'node:crypto';
import { z } from 'zod';
import { isUuidV4, normalizeEventId } from './ids.ts';

/**
 * How far back a forwarder can tell what A8 has acknowledged, hours. One hour less than the shortest time after which a
 * simulated row may expire (a day), so that no row of the window is gone by rule, whatever the clocks say.
 */
export const CONSERVATION_HOURS = 23;

/** Most minutes that A8 tells in one answer: a day, and the minutes at both of its ends. */
export const MOST_CONSERVATION_MINUTES = 24 * 60 + 2;

/** Most event ids in one answer of either side. */
export const MOST_CONSERVATION_IDS = 10_000;

export const MINUTE_MS = 60_000;

/**
 * A set of event ids: how many, and the sum of their hashes mod 2^64. Equal exactly when the sets are, but for one
 * chance in 2^64; the order does not matter, and an id that leaves is subtracted.
 */
export interface SetDigest {
  count: number;
  sum: bigint;
}

export const EMPTY_DIGEST: Readonly<SetDigest> = { count: 0, sum: 0n };

const wrap = (sum: bigint): bigint => BigInt.asUintN(64, sum);

/** The first 8 bytes (big-endian, unsigned) of SHA-256 over the 16 bytes of an event id. */
export function hashIdBytes(id: Uint8Array): bigint {
  return hash('sha256', id, 'buffer').readBigUInt64BE(0);
}

/** The same of an id as text, in any letter case. PostgreSQL: `sha256(uuid_send(event_id))`. */
export function hashEventId(eventId: string): bigint {
  return hashIdBytes(Buffer.from(normalizeEventId(eventId).replaceAll('-', ''), 'hex'));
}

/** The union of two sets that share no id. */
export function joined(a: SetDigest, b: SetDigest): SetDigest {
  return { count: a.count + b.count, sum: wrap(a.sum + b.sum) };
}

/** `a` without the ids of `b`, all of which are in it. */
export function without(a: SetDigest, b: SetDigest): SetDigest {
  return { count: a.count - b.count, sum: wrap(a.sum - b.sum) };
}

/** Of distinct ids. */
export function digestOf(eventIds: Iterable<string>): SetDigest {
  let digest: SetDigest = EMPTY_DIGEST;
  for (const id of eventIds) digest = joined(digest, { count: 1, sum: hashEventId(id) });
  return digest;
}

/** Sixteen hex digits. Takes a signed sum, too: PostgreSQL has no unsigned numbers. */
export function formatSum(sum: bigint): string {
  return wrap(sum).toString(16).padStart(16, '0');
}

/** The reverse of `formatSum`. @throws SyntaxError */
export function parseSum(text: string): bigint {
  return BigInt(`0x${text}`);
}

/** The UTC minute of an instant (ISO-8601 or ms since the epoch), as whole minutes since the epoch; NaN for no instant. */
export function minuteNumber(instant: string | number): number {
  return Math.floor((typeof instant === 'number' ? instant : Date.parse(instant)) / MINUTE_MS);
}

/** `2026-11-30T03:36:00.000Z` */
export function formatMinute(minute: number): string {
  return new Date(minute * MINUTE_MS).toISOString();
}

/** An instant on a full minute; in any offset. */
export const minuteSchema = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) % MINUTE_MS === 0, { error: 'not on a full minute' });

const eventId = z.string().refine(isUuidV4);
const queriedMinute = minuteSchema.transform(minuteNumber);

/** Before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** What is asked of a forwarder: whole minutes since the epoch; `to` is not included. */
export const conservationQuerySchema = z.object({
  from: queriedMinute.optional(),
  to: queriedMinute.optional(),
});

/** The same of A8, whose answer must be bounded. */
export const hubConservationQuerySchema = z
  .object({ from: queriedMinute, to: queriedMinute })
  .refine(({ from, to }) => from < to && to - from <= MOST_CONSERVATION_MINUTES, {
    error: `from must be before to, by at most ${MOST_CONSERVATION_MINUTES} minutes`,
  });

/** One page of the ids of one minute, on either side. */
export const conservationIdsQuerySchema = z.object({
  minute: queriedMinute,
  after: eventId.transform(normalizeEventId).default(FIRST_ID),
  limit: z.coerce.number().int().min(1).max(MOST_CONSERVATION_IDS).default(1_000),
});
const forwarderId = z.string().min(1).max(128);

/** The ids whose row has its `received_at` in this minute. A minute without any is left out. */
export const minuteDigestSchema = z.object({
  minute: minuteSchema,
  count: z.int().min(1),
  sum: z.string().regex(/^[0-9a-f]{16}$/),
});
export type MinuteDigest = z.infer<typeof minuteDigestSchema>;

/**
 * `GET /conservation?from=&to=` on the ops port of a forwarder; `to` is not included, both may be left out. What A8 has
 * acknowledged to this outbox folder, of rows whose first delivery was its own. Complete for every minute from `since` on:
 * an id of this answer that A8 does not have is lost there. A8 may have more: an answer that got lost on its way.
 */
export const forwarderConservationSchema = z.object({
  forwarder_id: forwarderId,
  since: minuteSchema,
  minutes: z.array(minuteDigestSchema),
});
export type ForwarderConservation = z.infer<typeof forwarderConservationSchema>;

/**
 * `GET /conservation/ids?minute=&after=&limit=` on the intake of a forwarder (control token): the ids of one minute that
 * it can still send again, ascending. `next` is what to give as `after`; null at the end. `not_retained` more are in the
 * digest whose segments are gone.
 */
export const forwarderIdsSchema = z.object({
  event_ids: z.array(eventId),
  next: eventId.nullable(),
  not_retained: z.int().min(0),
});
export type ForwarderIds = z.infer<typeof forwarderIdsSchema>;

/** `GET /operations/conservation?forwarder=&from=&to=` of A8 (operations key); `to` is not included. Over its rows, now. */
export const hubConservationSchema = z.object({
  forwarder_id: forwarderId,
  minutes: z.array(minuteDigestSchema),
});
export type HubConservation = z.infer<typeof hubConservationSchema>;

/** `GET /operations/conservation/ids?forwarder=&minute=&after=&limit=` of A8 (operations key): ascending, `next` as above. */
export const hubIdsSchema = z.object({ event_ids: z.array(eventId), next: eventId.nullable() });
export type HubIds = z.infer<typeof hubIdsSchema>;

/** `GET /operations/conservation/forwarders?from=&to=` of A8 (operations key): whose rows there are in that window. */
export const hubForwardersSchema = z.object({
  forwarders: z.array(z.object({ forwarder_id: forwarderId, app_label: z.string(), rows: z.int().min(1) })),
});
export type HubForwarders = z.infer<typeof hubForwardersSchema>;
