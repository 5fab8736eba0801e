import type { Scholarship, ScholarshipInput } from './scholarship.ts';

type Status = Scholarship['status'];

/** What a scholarship may become. What was once published never becomes a draft: people have seen it and may have applied. */
const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  draft: ['draft', 'published'],
  published: ['published', 'expired'],
  expired: ['expired', 'published'],
};

export type Refusal = { pointer: string; expected: string };

/**
 * Why a provider's change is refused, or undefined. Pure.
 * @param from the status before; undefined for a new scholarship
 * @param to the whole scholarship after the change
 * @param today YYYY-MM-DD, in UTC
 */
export function lifecycleRefusal(
  from: Status | undefined,
  to: Pick<ScholarshipInput, 'status' | 'deadline'>,
  today: string,
): Refusal | undefined {
  const allowed = NEXT[from ?? 'draft'];
  if (!allowed.includes(to.status)) {
    return { pointer: '/status', expected: `${allowed.join(' or ')}, after ${from ?? 'nothing'}` };
  }
  const publishes = to.status === 'published' && from !== 'published';
  if (publishes && to.deadline !== null && to.deadline < today) {
    return { pointer: '/deadline', expected: `today (${today}) or later, or null: it is to be published` };
  }
  return undefined;
}

/** Whether nobody could see it before: that is what a listing is paid for. */
export function isFirstPublication(from: Status | undefined, to: { status: Status }): boolean {
  return to.status === 'published' && (from ?? 'draft') === 'draft';
}

/** A draft may be deleted; anything else was public, and ends by becoming `expired`. */
export function mayDelete({ status }: Pick<Scholarship, 'status'>): boolean {
  return status === 'draft';
}
