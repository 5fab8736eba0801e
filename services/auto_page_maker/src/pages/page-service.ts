import type { Metadata, Page, SafeHtml } from '@scholar/runtime/http';
import type { Pool } from 'pg';
import {
  findScholarship,
  listGroupMembers,
  listGroups,
  listScholarships,
} from '../catalogue/catalogue-store.ts';
import { parseGroupSlug, SLUG_PATTERN } from '../catalogue/slug.ts';
import { groupPage, indexPage, scholarshipPage } from './landing-pages.ts';
import { type FormState, leadForm } from './lead-form.ts';
import { groupData, scholarshipData, siteData } from './structured-data.ts';

const SHOWN = 60;

/** A page for visitors, and the same with an empty form token: what of it does not change from one look to the next. */
export type LandingPage = { page: Page; lasting: Page };

/** How a page is asked for: what its form shows, and the public address of the service, without a trailing slash. */
export type Look = { state: FormState; base: string };

export interface PageService {
  index(look: Look): Promise<LandingPage>;
  /** The page of this slug; undefined where there is none. */
  landing(slug: string, look: Look): Promise<LandingPage | undefined>;
}

/** Makes the pages from our own copy of the catalogue: no other service is asked while somebody waits. */
export function createPageService(deps: { pool: Pool; mintToken: () => Promise<string> }): PageService {
  const { pool } = deps;

  async function withForm(
    build: (form: SafeHtml) => Page,
    look: Look & { metadata: Metadata },
    lead: { page?: string; scholarshipId?: string } = {},
  ): Promise<LandingPage> {
    const { state, metadata } = look;
    const make = (token: string): Page => ({ ...build(leadForm({ state, token, ...lead })), metadata });
    return { page: make(await deps.mintToken()), lasting: make('') };
  }

  return {
    async index(look) {
      const [fields, regions, scholarships] = await Promise.all([
        listGroups(pool, 'field'),
        listGroups(pool, 'region'),
        listScholarships(pool, SHOWN),
      ]);
      const structuredData = siteData(look.base, scholarships);
      return withForm((form) => indexPage({ fields, regions, scholarships, form }), {
        ...look,
        metadata: { canonical: `${look.base}/`, structuredData },
      });
    },

    async landing(slug, look) {
      if (!SLUG_PATTERN.test(slug)) return undefined;
      const canonical = `${look.base}/p/${slug}`;
      const scholarship = await findScholarship(pool, slug);
      if (scholarship) {
        const { scholarshipId } = scholarship;
        const structuredData = scholarshipData(look.base, scholarship);
        return withForm(
          (form) => scholarshipPage({ scholarship, form }),
          { ...look, metadata: { canonical, structuredData } },
          { page: slug, scholarshipId },
        );
      }
      const group = parseGroupSlug(slug);
      const scholarships = group ? await listGroupMembers(pool, { ...group, limit: SHOWN }) : [];
      if (!group || scholarships.length === 0) return undefined;
      const structuredData = groupData(look.base, { ...group, scholarships });
      return withForm(
        (form) => groupPage({ ...group, scholarships, form }),
        { ...look, metadata: { canonical, structuredData } },
        { page: slug },
      );
    },
  };
}
