import {
  conservationIdsQuerySchema,
  conservationQuerySchema,
  type ForwarderConservation,
  type ForwarderIds,
  formatMinute,
  formatSum,
} from '@scholar/contract';
import type { Outbox } from '../outbox/index.ts';

/** `GET /conservation?from=&to=`: what A8 has acknowledged to this folder. undefined: the query is none. */
export function conservationDocument(
  outbox: Pick<Outbox, 'acknowledged' | 'forwarderId'>,
  query: URLSearchParams,
): ForwarderConservation | undefined {
  const { data, success } = conservationQuerySchema.safeParse(Object.fromEntries(query));
  if (!success) return undefined;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = data;
  const { since, minutes } = outbox.acknowledged();
  return {
    forwarder_id: outbox.forwarderId,
    since: formatMinute(since),
    minutes: minutes
      .filter((each) => each.minute >= from && each.minute < to)
      .map((each) => ({
        minute: formatMinute(each.minute),
        count: each.count,
        sum: formatSum(each.sum),
      })),
  };
}

/** `GET /conservation/ids?minute=&after=&limit=`. undefined: the query is none. @throws OutboxFailed */
export async function conservationIds(
  outbox: Pick<Outbox, 'acknowledgedIds'>,
  query: URLSearchParams,
): Promise<ForwarderIds | undefined> {
  const { data, success } = conservationIdsQuerySchema.safeParse(Object.fromEntries(query));
  if (!success) return undefined;
  const { minute, after, limit } = data;
  const { eventIds, notRetained } = await outbox.acknowledgedIds(minute);
  const left = eventIds.filter((id) => id > after);
  const event_ids = left.slice(0, limit);
  return {
    event_ids,
    next: left.length > limit ? (event_ids.at(-1) ?? null) : null,
    not_retained: notRetained,
  };
}
