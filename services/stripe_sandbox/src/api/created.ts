import { z } from 'zod';
import { formInteger } from './params.ts';

/** `created=` or `created[gt|gte|lt|lte]=` of a list, seconds since 1970 (https://docs.stripe.com/api/events/list). */
export const createdParam = z
  .union([
    formInteger,
    z.strictObject({
      gt: formInteger.optional(),
      gte: formInteger.optional(),
      lt: formInteger.optional(),
      lte: formInteger.optional(),
    }),
  ])
  .optional();

/** Whether a time is what `created` asks for; without it every time is. */
export function createdMatches(created: number, wanted: z.output<typeof createdParam>): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return created === wanted;
  return (
    (wanted.gt === undefined || created > wanted.gt) &&
    (wanted.gte === undefined || created >= wanted.gte) &&
    (wanted.lt === undefined || created < wanted.lt) &&
    (wanted.lte === undefined || created <= wanted.lte)
  );
}
