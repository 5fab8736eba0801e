import { HEADER } from '@scholar/contract';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { FetchCatalogue } from './catalogue-refresh.ts';
import { parseCatalogue } from './parse-catalogue.ts';

const PAGE_SIZE = '100';

/** GET /scholarships of scholarship_api, as this service: so that our reading is not counted as page views. */
export function createCatalogueApi(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & { a2Url: string | undefined },
): FetchCatalogue {
  return async (cursor) => {
    if (!deps.a2Url) throw new Error('A2_URL is not set: set it to the base address of scholarship_api');
    const { body } = await deps.fetchJson.get(`${deps.a2Url}/scholarships`, {
      searchParams: { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) },
      headers: { [HEADER.authorization]: `Bearer ${await deps.serviceTokens.get()}` },
    });
    return parseCatalogue(body);
  };
}
