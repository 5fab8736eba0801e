import type { Express } from '@scholar/runtime/http';
import type { Pages } from '../pages/pages.ts';
import { hrefOf, readSearch, SEARCH_PATH } from './asked.ts';
import type { SearchCatalogue } from './catalogue-search.ts';
import { searchPage, TITLE } from './search-page.ts';

/** GET /scholarships: the catalogue for everybody, by words, by facets and by what somebody brings. */
export function searchRoutes(app: Express, deps: { pages: Pages; searchCatalogue: SearchCatalogue }): void {
  deps.pages.get(app, SEARCH_PATH, async (request) => {
    const form = readSearch(request.query);
    const found = form.asked && (await deps.searchCatalogue(form.asked));
    // The cursor of another search, or an old one: this search has a first page all the same.
    if (found === 'refused' && form.asked?.cursor) return { redirect: hrefOf(form.asked) };
    return { title: TITLE, body: searchPage(form, found === 'refused' ? undefined : found) };
  });
}
