import { SCHOLARSHIP_TRAITS } from '@scholar/runtime/catalogue';
import { z } from 'zod';

/** What matching reads of a scholarship. */
const scholarshipSchema = z.object({ id: z.string().min(1).max(200), ...SCHOLARSHIP_TRAITS });

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
