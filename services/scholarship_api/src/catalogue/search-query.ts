import { z } from 'zod';

export const MAX_PAGE = 200;

/** The query of GET /scholarships. Everything is text, as it comes from a URL. */
export const searchQuery = z.object({
  q: z.string().trim().max(200).optional(),
  field: z.string().trim().toLowerCase().max(60).optional(),
  region: z.string().trim().toLowerCase().max(60).optional(),
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
