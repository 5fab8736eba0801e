import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { z } from 'zod';
import { day, STATUSES } from './scholarship.ts';

export const MAX_PAGE = 200;
/** More than nearly all providers have. */
const MAX_OWN = 500;

/** A form sends what nobody filled in as blank: that asks for nothing. */
function asked<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => {
    const text = typeof value === 'string' ? value.trim() : value;
    return text === '' ? undefined : text;
  }, schema.optional());
}

const word = asked(z.string().toLowerCase().max(60));

/** The longest question. */
export const MOST_LETTERS = 200;

/** What narrows a search, in the list and in the counts. Everything is text, as it comes from a URL. */
export const filters = z.object({
  q: asked(z.string().max(MOST_LETTERS)),
  degree: asked(z.enum(DEGREE_LEVELS)),
  field: word,
  region: word,
  citizenship: asked(
    z
      .string()
      .toUpperCase()
      .regex(/^[A-Z]{2}$/, 'an ISO 3166 country code of two letters'),
  ),
  /** What the person brings: on the scale of 4.0, fifths of family income, years. */
  gpa: asked(z.coerce.number().min(0).max(4)),
  income_band: asked(z.coerce.number().int().min(1).max(5)),
  age: asked(z.coerce.number().int().min(0).max(120)),
  min_amount_cents: asked(z.coerce.number().int().min(0).max(10_000_000_000)),
  /** Applications that end by this day; those without an end are left out then. */
  deadline_to: asked(day),
});

export type Filters = z.output<typeof filters>;

/** The query of GET /scholarships. */
export const searchQuery = filters.extend({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
  cursor: z.string().max(300).optional(),
});

export type SearchQuery = z.output<typeof searchQuery>;

/** The query of GET /scholarships/mine. */
export const ownQuery = z.object({
  status: asked(z.enum(STATUSES)),
  limit: z.coerce.number().int().min(1).max(MAX_OWN).default(MAX_OWN),
  cursor: z.string().max(300).optional(),
});

export type OwnQuery = z.output<typeof ownQuery>;

/** Where a page ended: the sort value of its last row and that row's id. */
export type Cursor = { sort: string; id: string };

/** What searches sort by: a rank, or a day. */
const foundSort = z.union([
  z
    .string()
    .regex(/^-?\d+(\.\d+)?(e-?\d+)?$/)
    .refine(isRankValue),
  day,
  z.literal('infinity'),
]);
/** What a provider's own are sorted by: when they were made, to the microsecond. */
export const madeSort = z.iso.datetime({ precision: 6 }).refine((text) => text >= '0001-01-01');

/** A double that PostgreSQL reads, which refuses what is too large or too small for one. */
function isRankValue(text: string): boolean {
  const rank = Number(text);
  return text.length <= 40 && (/^-?0$/.test(text) || (Math.abs(rank) > 1e-300 && Math.abs(rank) < 1e300));
}

/** An opaque cursor for a URL. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.sort, cursor.id])).toString('base64url');
}

/** The cursor back, or undefined when the text is not one of ours. */
export function decodeCursor(text: string, sortShape: z.ZodType<string> = foundSort): Cursor | undefined {
  try {
    const parsed = z
      .tuple([sortShape, z.uuid()])
      .safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (!parsed.success) return undefined;
    const [sort, id] = parsed.data;
    return { sort, id };
  } catch {
    return undefined;
  }
}
