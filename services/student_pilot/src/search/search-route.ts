import { limitClients } from '@scholar/runtime/client-limit';
import type { Clock } from '@scholar/runtime/clock';
import type { Express, Response } from '@scholar/runtime/http';
import { visitorOf } from '@scholar/runtime/sign-in';
import type { Pages } from '../pages/pages.ts';
import { hrefOf, readSearch, SEARCH_PATH } from './asked.ts';
import type { SearchCatalogue } from './catalogue-search.ts';
import { searchPage, TITLE } from './search-page.ts';

/**
 * Searches of one client: a person who clicks from facet to facet asks once a second. scholarship_api, which limits neither us
 * nor any other service, answers each with a list, counts and, where nothing is found, what may have been meant.
 */
const SEARCHES = { burst: 60, perMinute: 300 };

/** GET /scholarships: the catalogue for everybody, by words, by facets and by what somebody brings; 429 for who asks all the time. */
export function searchRoutes(
  app: Express,
  deps: { pages: Pages; searchCatalogue: SearchCatalogue; clock: Clock },
): void {
  const principalOf = (_request: unknown, response: Response) => visitorOf(response).principal;
  app.use(SEARCH_PATH, limitClients({ clock: deps.clock, principalOf }, SEARCHES));
  deps.pages.get(app, SEARCH_PATH, async (request) => {
    const form = readSearch(request.query);
    const found = form.asked && (await deps.searchCatalogue(form.asked));
    // The cursor of another search, or an old one: this search has a first page all the same.
    if (found === 'refused' && form.asked?.cursor) return { redirect: hrefOf(form.asked) };
    return { title: TITLE, body: searchPage(form, found === 'refused' ? undefined : found) };
  });
}
