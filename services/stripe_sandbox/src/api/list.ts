import { noSuch } from './stripe-error.ts';

export type Page<T> = { object: 'list'; url: string; has_more: boolean; data: T[] };

type Paging = { limit: number; starting_after?: string | undefined; ending_before?: string | undefined };

/**
 * One page of a list that is ordered newest first, by Stripe's cursors.
 * @throws StripeApiError 404 when a cursor names an object that is not in the list.
 */
export function paginate<T extends { id: string }>(
  newestFirst: readonly T[],
  paging: Paging,
  url: string,
): Page<T> {
  const indexOf = (id: string): number => {
    const index = newestFirst.findIndex((item) => item.id === id);
    if (index < 0) throw noSuch('object', id);
    return index;
  };
  if (paging.ending_before !== undefined) {
    const end = indexOf(paging.ending_before);
    const start = Math.max(0, end - paging.limit);
    return { object: 'list', url, has_more: start > 0, data: newestFirst.slice(start, end) };
  }
  const start = paging.starting_after === undefined ? 0 : indexOf(paging.starting_after) + 1;
  const end = start + paging.limit;
  return { object: 'list', url, has_more: end < newestFirst.length, data: newestFirst.slice(start, end) };
}
