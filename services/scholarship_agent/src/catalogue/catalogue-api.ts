import { HEADER } from '@scholar/contract';
import type { ServiceDeps } from '@scholar/runtime/service';
import { type CataloguePage, parseCataloguePage } from './scholarship.ts';

/** The most that scholarship_api gives at once. */
const PAGE_SIZE = '200';

/** One page of the catalogue; throws when there is no answer or a wrong one. */
export type FetchPage = (cursor: string | undefined, signal: AbortSignal) => Promise<CataloguePage>;

/** GET /scholarships of scholarship_api, as this service: so that our reading is not counted as page views. */
export function createCatalogueApi(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & { a2Url: string | undefined },
): FetchPage {
  return async (cursor, signal) => {
    if (!deps.a2Url) throw new Error('A2_URL is not set: set it to the base address of scholarship_api');
    const { body } = await deps.fetchJson.get(`${deps.a2Url}/scholarships`, {
      searchParams: { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) },
      headers: { [HEADER.authorization]: `Bearer ${await deps.serviceTokens.get()}` },
      signal,
    });
    return parseCataloguePage(body);
  };
}
