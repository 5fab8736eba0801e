import { z } from 'zod';
import type { Scholarship } from './scholarship.ts';
import { fieldSlug, regionSlug, scholarshipSlug } from './slug.ts';

export type CataloguePage = { scholarships: Scholarship[]; nextCursor: string | undefined };

const text = (max: number) =>
  z
    .string()
    .transform((value) => value.trim().slice(0, max))
    .nullish()
    .transform((value) => (value ? value : null));

const entrySchema = z.object({
  id: z.string().min(1).max(128),
  title: z.string().trim().min(1),
  summary: text(2_000),
  description: text(2_000),
  field: text(120),
  region: text(120),
  amount_cents: z.number().int().nonnegative().nullish(),
  currency: z.string().regex(/^[A-Z]{3}$/).nullish(),
  // A deadline that is no date is left out; the scholarship is shown all the same.
  deadline: z
    .string()
    .transform((value) => value.slice(0, 10))
    .pipe(z.iso.date())
    .nullish()
    .catch(null),
});

const pageSchema = z.object({ scholarships: z.array(z.unknown()), next_cursor: z.string().nullish() });

/**
 * Reads an answer of scholarship_api's GET /scholarships. An entry that we cannot show is left out, because one odd
 * row must not hide the rest; an answer of another shape throws, because an empty catalogue would delete our pages.
 */
export function parseCatalogue(body: unknown): CataloguePage {
  const page = pageSchema.safeParse(body);
  if (!page.success) throw new Error('scholarship_api answered GET /scholarships without a list of scholarships');
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
    summary: entry.summary ?? entry.description ?? '',
    field: entry.field,
    fieldSlug: entry.field ? fieldSlug(entry.field) : null,
    region: entry.region,
    regionSlug: entry.region ? regionSlug(entry.region) : null,
    amount: formatAmount(entry.amount_cents, entry.currency),
    deadline: entry.deadline ?? null,
  };
}

function formatAmount(cents: number | null | undefined, currency: string | null | undefined): string | null {
  if (cents === null || cents === undefined || !currency) return null;
  return `${currency} ${(cents / 100).toLocaleString('en-US', { maximumFractionDigits: 2 })}`;
}
