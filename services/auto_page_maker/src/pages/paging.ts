import { html, type SafeHtml } from '@scholar/runtime/http';
import type { Scholarship } from '../catalogue/scholarship.ts';

/** Scholarships on one page of a list. */
const SHOWN = 60;

/** A page of a list, the first being 1. */
export type Listing = { scholarships: readonly Scholarship[]; page: number; more: boolean };

/** Reads a page of a list, and whether there is another behind it. */
export async function listingOf(
  page: number,
  read: (rows: { limit: number; offset: number }) => Promise<readonly Scholarship[]>,
): Promise<Listing> {
  const rows = await read({ limit: SHOWN + 1, offset: (page - 1) * SHOWN });
  return { scholarships: rows.slice(0, SHOWN), page, more: rows.length > SHOWN };
}

/** The number that `?page=` says; 1 where it says nothing, undefined where it says no number of a page. */
export function pageNumber(value: unknown): number | undefined {
  if (value === undefined) return 1;
  return typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined;
}

/** The one address of a page of a list. */
export function pathOfPage(path: string, page: number): string {
  return page === 1 ? path : `${path}?page=${page}`;
}

/** Where a scholarship stands in its whole list, from 1. */
export function positionOf({ page }: Pick<Listing, 'page'>, index: number): number {
  return (page - 1) * SHOWN + index + 1;
}

/** The ways to the pages before and behind; nothing where there is one page only. */
export function pager(path: string, { page, more }: Listing): SafeHtml | undefined {
  if (page === 1 && !more) return undefined;
  return html`<nav class="row pager" aria-label="Pages of the list">
${page > 1 && html`<a class="button quiet" rel="prev" href="${pathOfPage(path, page - 1)}">Previous page</a>`}
<span class="fine">Page ${page}</span>
${more && html`<a class="button quiet" rel="next" href="${pathOfPage(path, page + 1)}">Next page</a>`}
</nav>`;
}
