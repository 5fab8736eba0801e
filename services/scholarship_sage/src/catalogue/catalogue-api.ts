import { HEADER } from '@scholar/contract';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Passage } from '../passages/passage.ts';
import { toPassages } from './to-passages.ts';

/** The most that scholarship_api gives at once. */
const PAGE_SIZE = '200';
/** 1,000 pages of 200: a walk that does not end is a fault of the cursor, not a catalogue. */
const MAX_PAGES = 1_000;

/** The whole catalogue; rejects when a page of it cannot be had. */
export type ReadCatalogue = (signal: AbortSignal) => Promise<Passage[]>;

/** Walks GET /scholarships of scholarship_api, as this service: so that our reading is not counted as page views. */
export function createReadCatalogue(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & { a2Url: string | undefined },
): ReadCatalogue {
  return async (signal) => {
    if (!deps.a2Url) throw new Error('A2_URL is not set: set it to the base address of scholarship_api');
    // By id: a row may move from one page to the next while we walk, and come twice.
    const all = new Map<string, Passage>();
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { body } = await deps.fetchJson.get(`${deps.a2Url}/scholarships`, {
        searchParams: { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) },
        headers: { [HEADER.authorization]: `Bearer ${await deps.serviceTokens.get()}` },
        signal,
      });
      const { passages, nextCursor } = toPassages(body);
      for (const passage of passages) all.set(passage.id, passage);
      if (nextCursor === undefined) return [...all.values()];
      cursor = nextCursor;
    }
    throw new Error(
      `scholarship_api's catalogue did not end after ${MAX_PAGES} pages; the last copy is kept`,
    );
  };
}
