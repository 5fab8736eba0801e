import { HEADER } from '@scholar/contract';
import { createOutage, within } from '@scholar/runtime/away';
import type { Logger } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import { type Asked, toQuery } from './asked.ts';
import { type Counts, parseCounts, parseList, type ScholarshipList } from './catalogue-answer.ts';

/** `counts` is undefined when there are none just now: the list is shown without them. */
export type Found = { list: ScholarshipList; counts: Counts | undefined };

/** Searches the catalogue; `refused` for a question that it does not take, undefined while it cannot be asked. */
export type SearchCatalogue = (asked: Asked) => Promise<Found | 'refused' | undefined>;

class Refused extends Error {}

/** Asks scholarship_api as this service, so that it counts no view of its own: the page is the view. */
export function createSearchCatalogue(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & {
    log: Logger;
    a2Url: string | undefined;
    /** The bound of the whole, ms. */
    timeoutMs: number;
  },
): SearchCatalogue {
  const { a2Url, timeoutMs } = deps;
  const outage = createOutage(deps.log, 'scholarship_api');

  async function read(path: string, query: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    if (a2Url === undefined) throw new Error('the address of scholarship_api is not set');
    const { statusCode, body } = await deps.fetchJson.get(`${a2Url}${path}`, {
      searchParams: query,
      headers: { [HEADER.authorization]: `Bearer ${await deps.serviceTokens.get()}` },
      throwHttpErrors: false,
      signal,
    });
    if (statusCode === 422) throw new Refused();
    if (statusCode !== 200) throw new Error(`scholarship_api answered ${statusCode}`);
    return body;
  }

  async function ask(asked: Asked, signal: AbortSignal): Promise<Found> {
    const { cursor: _page, ...filters } = toQuery(asked);
    // Half of the time: the list must not wait for counts until it is too late for both.
    const counts = within(timeoutMs / 2, async (own) =>
      parseCounts(await read('/scholarships/facets', filters, AbortSignal.any([signal, own]))),
    ).catch(() => undefined);
    const list = parseList(await read('/scholarships', toQuery(asked), signal));
    return { list, counts: await counts };
  }

  return async (asked) => {
    try {
      const found = await within(timeoutMs, (signal) => ask(asked, signal));
      outage.over();
      return found;
    } catch (err) {
      if (err instanceof Refused) return 'refused';
      outage.noticed(err);
      return undefined;
    }
  };
}
