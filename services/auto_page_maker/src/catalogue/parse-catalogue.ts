import { z } from 'zod';
import type { Scholarship } from './scholarship.ts';
import { scholarshipSlug } from './slug.ts';

export type CataloguePage = { scholarships: Scholarship[]; nextCursor: string | undefined };

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

const pageSchema = z.object({ scholarships: z.array(z.unknown()), next_cursor: z.string().nullish() });

/**
 * Reads an answer of scholarship_api's GET /scholarships. An entry that we cannot show is left out, because one odd
 * row must not hide the rest; an answer of another shape throws, because an empty catalogue would delete our pages.
 */
export function parseCatalogue(body: unknown): CataloguePage {
  const page = pageSchema.safeParse(body);
  if (!page.success)
    throw new Error('scholarship_api answered GET /scholarships without a list of scholarships');
  const entries = page.data.scholarships.flatMap((entry) => {
    const parsed = entrySchema.safeParse(entry);
    return parsed.success ? [toScholarship(parsed.data)] : [];
  });
  return { scholarships: entries, nextCursor: page.data.next_cursor ?? undefined };
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
  const digits = cents % 100 === 0 ? 0 : 2;
  const amount = (cents / 100).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${currency} ${amount}`;
}
