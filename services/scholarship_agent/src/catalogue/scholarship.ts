import { z } from 'zod';

const words = z.array(z.string()).default([]);
const limit = z.number().nullable().default(null);

/** What matching reads of a scholarship. An empty list and a null limit mean "no restriction". */
const scholarshipSchema = z.object({
  id: z.string().min(1).max(200),
  title: z.string().min(1),
  degree_levels: words,
  fields_of_study: words,
  regions: words,
  citizenships: words,
  /** On the scale of 4.0. */
  min_gpa: limit,
  /** 1 = the lowest fifth of family income … 5 = the highest. */
  max_income_band: limit,
  min_age: limit,
  max_age: limit,
  amount_cents: z.number().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** YYYY-MM-DD, the last day; null = applications at any time. */
  deadline: z.iso.date().nullable().default(null),
});

export type Scholarship = z.output<typeof scholarshipSchema>;

/** Entries between two pauses: a few milliseconds of work. */
const SLICE = 1_000;

/**
 * An entry that makes no sense is left out: it must not hide the others.
 * @param pause awaited between slices of a large catalogue
 */
export async function parseScholarships(
  entries: readonly unknown[],
  pause: () => Promise<unknown>,
): Promise<Scholarship[]> {
  const parsed: Scholarship[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % SLICE === SLICE - 1) await pause();
    const { data } = scholarshipSchema.safeParse(entry);
    if (data) parsed.push(data);
  }
  return parsed;
}
