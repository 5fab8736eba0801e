import { createPeriodicTask, type PeriodicTask, type PeriodicTaskOptions } from '@scholar/runtime/background';
import type { Pool } from 'pg';
import { FACET_NAMES, FACETS } from './conditions.ts';
import { type Change, createFacetIndex } from './facet-index.ts';
import { countFacets, type FacetCounts } from './facets.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Filters } from './search-query.ts';

export type FacetCopy = {
  /** Counts of facets, as of now. */
  count(filters: Filters): Promise<FacetCounts>;
  /** Reads everything in the background, so that the first who asks need not wait for it. */
  warmUp(deps: Pick<PeriodicTaskOptions, 'clock' | 'random' | 'log'>): PeriodicTask;
};

type Changes = { today: number; changes: (Change & { revision: number })[] };

/** Changes that are read at a time: some ten milliseconds of work. */
const SLICE = 5_000;

/**
 * Counts without words out of a copy of what is published, in memory. Before each count it reads what changed since the last,
 * by revision, so a count is never older than its request, in each of several replicas; the first reads everything. With
 * words the database counts.
 */
export function createFacetCopy(db: Pick<Pool, 'query'>, slice = SLICE): FacetCopy {
  const index = createFacetIndex();
  let revision = -1;

  /** @returns today, by the database's calendar, which searches go by */
  async function catchUp(): Promise<number> {
    for (;;) {
      const { rows } = await db.query<Changes>(changesStatement(revision, slice));
      const [found] = rows;
      if (found === undefined) throw new Error('a SELECT without FROM gave no row');
      for (const change of found.changes) {
        index.apply(change);
        revision = change.revision;
      }
      if (found.changes.length < slice) return found.today;
    }
  }

  const caughtUp = oneAtATime(catchUp);
  return {
    async count(filters) {
      if (filters.q !== undefined) return countFacets(db, filters);
      return index.count(filters, await caughtUp());
    },
    warmUp: (deps) =>
      createPeriodicTask({
        ...deps,
        name: 'the reading of the catalogue for its counts',
        meanwhile: 'the first who asks for counts waits for it',
        run: caughtUp,
      }),
  };
}

const EMPTY = FACET_NAMES.map((name) => `'{}'::text[] AS ${name}`).join(', ');

/** The oldest changes after revision $1, at most $2, and today. */
const CHANGES = `
  SELECT current_date - DATE '1970-01-01' AS today, coalesce((
    SELECT json_agg(change ORDER BY change.revision) FROM (
      SELECT revision, id, status = 'published' AS published,
        ${FACET_NAMES.map((name) => `${FACETS[name]} AS ${name}`).join(', ')},
        min_gpa, max_income_band, min_age, max_age, amount_cents,
        CASE WHEN isfinite(deadline) THEN deadline - DATE '1970-01-01' END AS last_day
      FROM scholarships WHERE revision > $1
      UNION ALL
      SELECT revision, id, false, ${EMPTY}, NULL, NULL, NULL, NULL, 0, NULL FROM scholarships_gone WHERE revision > $1
      ORDER BY revision LIMIT $2
    ) AS change), '[]') AS changes`;

/** The statement of what changed after a revision. */
export function changesStatement(revision: number, slice = SLICE): { text: string; values: unknown[] } {
  return { text: CHANGES, values: [revision, slice] };
}
