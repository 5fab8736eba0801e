import type { Metadata, Page, SafeHtml } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import {
  findScholarship,
  type GroupBy,
  listGroupMembers,
  listGroups,
  listScholarships,
} from '../catalogue/catalogue-store.ts';
import type { Scholarship } from '../catalogue/scholarship.ts';
import { parseGroupSlug, SLUG_PATTERN } from '../catalogue/slug.ts';
import { groupPage, indexPage, scholarshipPage } from './landing-pages.ts';
import type { LastGood } from './last-good.ts';
import { type FormState, leadForm } from './lead-form.ts';
import { type Listing, listingOf, pathOfPage } from './paging.ts';
import { groupData, scholarshipData, siteData } from './structured-data.ts';

/** A page for visitors, and the same with an empty form token: what of it does not change from one look to the next. */
export type LandingPage = { page: Page; lasting: Page };

/** How a page is asked for: what its form shows, and the public address of the service, without a trailing slash. */
export type Look = { state: FormState; base: string };

export interface PageService {
  index(look: Look): Promise<LandingPage>;
  /** A page of the index, from 1; undefined behind the last. */
  indexAt(page: number, look: Look): Promise<LandingPage | undefined>;
  /** The page of this slug, of a list from 1; undefined where there is none. */
  landing(slug: string, look: Look, page?: number): Promise<LandingPage | undefined>;
}

/** What a landing page is about: one scholarship, or those of a group. */
type Found = { scholarship: Scholarship } | { by: GroupBy; word: string; listing: Listing };

const NOTHING_LISTED: Listing = { scholarships: [], page: 1, more: false };

/** Makes the pages from our own copy of the catalogue: no other service is asked while somebody waits. */
export function createPageService(deps: {
  pool: Pool;
  mintToken: () => Promise<string>;
  lastGood: LastGood;
}): PageService {
  const { pool, lastGood } = deps;

  async function withForm(
    build: (form: SafeHtml) => Page,
    look: Look & { metadata: Metadata },
    lead: { page?: string; scholarshipId?: string } = {},
  ): Promise<LandingPage> {
    const { state, metadata } = look;
    const make = (token: string): Page => ({ ...build(leadForm({ state, token, ...lead })), metadata });
    return { page: make(await deps.mintToken()), lasting: make('') };
  }

  async function find(slug: string, page: number): Promise<Found | undefined> {
    const scholarship = await findScholarship(pool, slug);
    if (scholarship) return page === 1 ? { scholarship } : undefined;
    const group = parseGroupSlug(slug);
    if (!group) return undefined;
    const listing = await listingOf(page, (rows) => listGroupMembers(pool, { ...group, ...rows }));
    return listing.scholarships.length > 0 ? { ...group, listing } : undefined;
  }

  /** Undefined behind the last page. */
  const listAt = (page: number) =>
    lastGood(pathOfPage('/', page), async () => {
      const listing = await listingOf(page, (rows) => listScholarships(pool, rows));
      return page === 1 || listing.scholarships.length > 0 ? listing : undefined;
    });

  async function indexOf(listing: Listing, look: Look): Promise<LandingPage> {
    const [fields = [], regions = []] = await Promise.all([
      lastGood('fields', () => listGroups(pool, 'field')),
      lastGood('regions', () => listGroups(pool, 'region')),
    ]);
    const canonical = `${look.base}${pathOfPage('/', listing.page)}`;
    const structuredData = siteData(look.base, listing);
    return withForm((form) => indexPage({ fields, regions, listing, form }), {
      ...look,
      metadata: { canonical, structuredData },
    });
  }

  return {
    index: async (look) => indexOf((await listAt(1)) ?? NOTHING_LISTED, look),

    async indexAt(page, look) {
      const listing = await listAt(page);
      return listing && indexOf(listing, look);
    },

    async landing(slug, look, page = 1) {
      if (!SLUG_PATTERN.test(slug)) return undefined;
      const path = pathOfPage(`/p/${slug}`, page);
      const canonical = `${look.base}${path}`;
      const found = await lastGood(path, () => find(slug, page));
      if (!found) return undefined;
      if ('scholarship' in found) {
        const { scholarship } = found;
        const { scholarshipId } = scholarship;
        const structuredData = scholarshipData(look.base, scholarship);
        return withForm(
          (form) => scholarshipPage({ scholarship, form }),
          { ...look, metadata: { canonical, structuredData } },
          { page: slug, scholarshipId },
        );
      }
      const structuredData = groupData(look.base, found);
      return withForm(
        (form) => groupPage({ ...found, form }),
        { ...look, metadata: { canonical, structuredData } },
        { page: slug },
      );
    },
  };
}
