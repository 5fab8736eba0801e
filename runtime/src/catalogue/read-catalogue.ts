import { HEADER } from '@scholar/contract';
import type { Got } from 'got';
import { z } from 'zod';
import type { ServiceTokens } from '../auth/index.ts';

/** The most that scholarship_api gives at once. */
const PAGE_SIZE = '200';
/** 1,000 pages of 200: a walk that does not end is a fault of the cursor, not a catalogue. */
const MAX_PAGES = 1_000;

const entrySchema = z.looseObject({ id: z.string() });
const pageSchema = z.object({ scholarships: z.array(z.unknown()), next_cursor: z.string().nullish() });

/** A scholarship as scholarship_api tells it; each reader takes from it what it needs. */
export type CatalogueEntry = z.output<typeof entrySchema>;

/** The whole catalogue, each scholarship once; rejects when a page of it cannot be had, for half is no catalogue. */
export type ReadCatalogue = (signal: AbortSignal) => Promise<CatalogueEntry[]>;

/** Walks GET /scholarships of scholarship_api, as this service: so that our reading is not counted as page views. */
export function createReadCatalogue(deps: {
  fetchJson: Pick<Got, 'get'>;
  serviceTokens: ServiceTokens;
  a2Url: string | undefined;
}): ReadCatalogue {
  async function readPage(cursor: string | undefined, signal: AbortSignal) {
    if (!deps.a2Url) throw new Error('A2_URL is not set: set it to the base address of scholarship_api');
    const { body } = await deps.fetchJson.get(`${deps.a2Url}/scholarships`, {
      searchParams: { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) },
      headers: { [HEADER.authorization]: `Bearer ${await deps.serviceTokens.get()}` },
      signal,
    });
    return parsePage(body);
  }

  return async (signal) => {
    // By id: a row may move from one page to the next while we walk, and come twice.
    const all = new Map<string, CatalogueEntry>();
    let cursor: string | undefined;
    for (let count = 0; count < MAX_PAGES; count += 1) {
      const page = await readPage(cursor, signal);
      for (const entry of page.entries) all.set(entry.id, entry);
      if (page.nextCursor === undefined) return [...all.values()];
      cursor = page.nextCursor;
    }
    throw new Error(`scholarship_api's catalogue did not end after ${MAX_PAGES} pages`);
  };
}

/**
 * An entry without an id is left out: it must not hide the others.
 * @throws Error when the whole is no page: taken for an empty catalogue, it would delete what readers have.
 */
function parsePage(body: unknown): { entries: CatalogueEntry[]; nextCursor: string | undefined } {
  const page = pageSchema.safeParse(body);
  if (!page.success) throw new Error('the answer of scholarship_api is not a page of its catalogue');
  const entries = page.data.scholarships.flatMap((entry) => entrySchema.safeParse(entry).data ?? []);
  return { entries, nextCursor: page.data.next_cursor ?? undefined };
}
