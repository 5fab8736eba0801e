import { minorUnitsOf } from '@scholar/runtime/money';
import { z } from 'zod';
import type { Scholarship } from './scholarship.ts';
import { scholarshipSlug } from './slug.ts';

const words = z
  .array(
    z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .max(60),
  )
  .default([])
  .transform((list) => [...new Set(list)]);

const entrySchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  title: z.string().trim().min(1),
  description: z.string().trim().default(''),
  fields_of_study: words,
  regions: words,
  amount_cents: z.number().int().nonnegative().nullish(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullish(),
  // A deadline that is no date is left out; the scholarship is shown all the same.
  deadline: z.iso.date().nullish().catch(null),
});

/** Entries of scholarship_api's catalogue as we show them. An odd one is left out: it must not hide the rest. */
export function parseCatalogue(entries: readonly unknown[]): Scholarship[] {
  return entries.flatMap((entry) => entrySchema.safeParse(entry).data ?? []).map(toScholarship);
}

function toScholarship(entry: z.infer<typeof entrySchema>): Scholarship {
  return {
    scholarshipId: entry.id,
    slug: scholarshipSlug(entry),
    title: entry.title.slice(0, 200),
    summary: entry.description.slice(0, 2_000),
    fields: entry.fields_of_study,
    regions: entry.regions,
    amount: formatAmount(entry.amount_cents, entry.currency),
    deadline: entry.deadline ?? null,
  };
}

function formatAmount(cents: number | null | undefined, currency: string | null | undefined): string | null {
  if (cents === null || cents === undefined || !currency) return null;
  const units = minorUnitsOf(currency);
  const value = cents / 10 ** units;
  const digits = Number.isInteger(value) ? 0 : units;
  const amount = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${currency} ${amount}`;
}
