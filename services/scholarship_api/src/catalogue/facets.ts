import type { Pool } from 'pg';
import {
  type Bind,
  FACET_NAMES,
  FACETS,
  type FacetName,
  facetCondition,
  limitConditions,
  OPEN,
} from './conditions.ts';
import type { Filters } from './search-query.ts';
import { wordsOf } from './words.ts';

/** `open_to_all`: how many restrict nothing here; a search by any value finds those, too. */
export type Facet = { values: { value: string; count: number }[]; open_to_all: number };
export type FacetCounts = { total: number; facets: Record<FacetName, Facet> };

type Row = { facet: FacetName | null; value: string | null; count: number };

/** So many values of a facet are told, the most frequent first. */
export const MOST_VALUES = 50;

/**
 * How many scholarships a search finds, and how many of them ask for each value. The counts of a facet leave its own filter
 * out and keep all others, so they say what would be found if another value of it were chosen.
 */
export async function countFacets(db: Pick<Pool, 'query'>, filters: Filters): Promise<FacetCounts> {
  const { text, values } = facetStatement(filters);
  const { rows } = await db.query<Row>(text, values);
  const of = (facet: FacetName): Facet => {
    const own = rows.filter((row) => row.facet === facet);
    return {
      values: own.flatMap(({ value, count }) => (value === null ? [] : { value, count })),
      open_to_all: own.find(({ value }) => value === null)?.count ?? 0,
    };
  };
  return {
    total: rows.find(({ facet }) => facet === null)?.count ?? 0,
    facets: {
      degree: of('degree'),
      field: of('field'),
      region: of('region'),
      citizenship: of('citizenship'),
    },
  };
}

/** One statement: what matches everything but the facets is found once, then each facet counts its part of it. */
export function facetStatement(filters: Filters): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const words = filters.q ? [`words @@ ${wordsOf(filters.q, bind)}`] : [];
  const base = [...OPEN, ...words, ...limitConditions(filters, bind)];
  const conditions = new Map(FACET_NAMES.map((name) => [name, facetCondition(name, filters, bind)]));
  const where = (except?: FacetName): string => {
    const kept = FACET_NAMES.filter((name) => name !== except).flatMap((name) => conditions.get(name) ?? []);
    return kept.length === 0 ? '' : `WHERE ${kept.join(' AND ')}`;
  };
  // Distinct lists are few, so lists are counted first and only then taken apart.
  const counts = FACET_NAMES.map(
    (name) => `(SELECT '${name}' AS facet, value, sum(of_list)::int AS count
      FROM (SELECT ${FACETS[name]} AS list, count(*) AS of_list FROM base ${where(name)} GROUP BY 1) AS lists
      LEFT JOIN LATERAL unnest(list) AS value ON true
      GROUP BY value ORDER BY value IS NOT NULL, count DESC, value COLLATE "C" LIMIT ${MOST_VALUES + 1})`,
  );
  const text = `WITH base AS MATERIALIZED (
      SELECT ${Object.values(FACETS).join(', ')} FROM scholarships WHERE ${base.join(' AND ')})
    SELECT NULL AS facet, NULL AS value, count(*)::int AS count FROM base ${where()}
    UNION ALL ${counts.join('\n    UNION ALL ')}`;
  return { text, values };
}
