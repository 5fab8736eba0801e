import type { Page, SafeHtml } from '@scholar/runtime/http';
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

const SHOWN = 60;

export interface PageService {
  index(state: FormState): Promise<Page>;
  /** The page of this slug; undefined where there is none. */
  landing(slug: string, state: FormState): Promise<Page | undefined>;
}

/** Makes the pages from our own copy of the catalogue: no other service is asked while somebody waits. */
export function createPageService(deps: { pool: Pool; mintToken: () => Promise<string> }): PageService {
  const { pool } = deps;

  async function form(
    state: FormState,
    lead: { page?: string; scholarshipId?: string } = {},
  ): Promise<SafeHtml> {
    return leadForm({ state, token: await deps.mintToken(), ...lead });
  }

  return {
    async index(state) {
      const [fields, regions, scholarships] = await Promise.all([
        listGroups(pool, 'field'),
        listGroups(pool, 'region'),
        listScholarships(pool, SHOWN),
      ]);
      return indexPage({ fields, regions, scholarships, form: await form(state) });
    },

    async landing(slug, state) {
      if (!SLUG_PATTERN.test(slug)) return undefined;
      const scholarship = await findScholarship(pool, slug);
      if (scholarship) {
        const { scholarshipId } = scholarship;
        return scholarshipPage({ scholarship, form: await form(state, { page: slug, scholarshipId }) });
      }
      const group = parseGroupSlug(slug);
      const scholarships = group ? await listGroupMembers(pool, { ...group, limit: SHOWN }) : [];
      if (!group || scholarships.length === 0) return undefined;
      return groupPage({ ...group, scholarships, form: await form(state, { page: slug }) });
    },
  };
}
