import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { z } from 'zod';

export const MAX_PAGE = 200;

const word = z.string().trim().toLowerCase().max(60).optional();

/** What narrows a search, in the list and in the counts. Everything is text, as it comes from a URL. */
export const filters = z.object({
  q: z.string().trim().max(200).optional(),
  degree: z.enum(DEGREE_LEVELS).optional(),
  field: word,
  region: word,
  citizenship: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'an ISO 3166 country code of two letters')
    .optional(),
  /** What the person brings: on the scale of 4.0, fifths of family income, years. */
  gpa: z.coerce.number().min(0).max(4).optional(),
  income_band: z.coerce.number().int().min(1).max(5).optional(),
  age: z.coerce.number().int().min(0).max(120).optional(),
  min_amount_cents: z.coerce.number().int().min(0).max(10_000_000_000).optional(),
  /** Applications that end by this day; those without an end are left out then. */
  deadline_to: z.iso.date().optional(),
});

export type Filters = z.output<typeof filters>;

/** The query of GET /scholarships. */
export const searchQuery = filters.extend({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
  cursor: z.string().max(300).optional(),
});

export type SearchQuery = z.output<typeof searchQuery>;

/** Where a page ended: the sort value of its last row and that row's id. */
export type Cursor = { sort: string; id: string };

const cursorShape = z.tuple([z.string().max(40), z.uuid()]);

/** An opaque cursor for a URL. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.sort, cursor.id])).toString('base64url');
}

/** The cursor back, or undefined when the text is not one of ours. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const parsed = cursorShape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (!parsed.success) return undefined;
    const [sort, id] = parsed.data;
    return /^(-?\d+(\.\d+)?(e-?\d+)?|\d{4}-\d{2}-\d{2}|infinity)$/.test(sort) ? { sort, id } : undefined;
  } catch {
    return undefined;
  }
}
