import { setImmediate } from 'node:timers/promises';
import { parseScholarships } from '../../../services/scholarship_agent/src/catalogue/scholarship.ts';
import { match } from '../../../services/scholarship_agent/src/matching/match.ts';
import { createMatchIndex } from '../../../services/scholarship_agent/src/matching/match-index.ts';
import {
  changesStatement,
  createFacetCopy,
} from '../../../services/scholarship_api/src/catalogue/facet-copy.ts';
import { facetStatement } from '../../../services/scholarship_api/src/catalogue/facets.ts';
import { searchQuery } from '../../../services/scholarship_api/src/catalogue/search-query.ts';
import {
  searchScholarships,
  searchStatement,
} from '../../../services/scholarship_api/src/catalogue/store.ts';
import type { Part } from '../goal.ts';
import { digits, quantile } from '../statistics.ts';
import { type FilledCatalogue, fillCatalogue } from './catalogue.ts';
import { PROFILES, SEARCHES } from './questions.ts';
import type { MatchingResult, Planned, Timed } from './result.ts';
import { summary, timesOf } from './timed.ts';

export type Sizes = { scholarships: number; matches: number; searches: number };
export const FULL: Sizes = { scholarships: 100_000, matches: 200, searches: 50 };
export const SHORT: Sizes = { scholarships: 2_000, matches: 20, searches: 5 };

/** The most that POST /matches gives. */
const LIMIT = 50;
const GOAL_MS = 50;

type Measured = Omit<MatchingResult, 'format' | 'at' | 'machine' | 'versions' | 'loadAverage' | 'goals'> & {
  postgres: string;
  goals: Record<string, Part>;
};

/** Matches and searches a catalogue of so many samples: in memory as scholarship_agent, in PostgreSQL as scholarship_api. */
export async function runMatching(o: {
  sizes: Sizes;
  folder: string;
  say: (text: string) => void;
}): Promise<Measured> {
  const { sizes, folder, say } = o;
  say(`filling a catalogue of ${sizes.scholarships} scholarships`);
  const catalogue = await fillCatalogue(folder, sizes.scholarships);
  try {
    const searched = await measureSearches(catalogue, sizes.searches);
    say('searches are measured, matching comes next');
    const matched = await measureMatches(catalogue, sizes.matches);
    const goals = { ...matched.goals, ...searched.goals };
    return { ...searched, ...matched, goals, scholarships: sizes.scholarships, postgres: catalogue.version };
  } finally {
    await catalogue.stop();
  }
}

async function measureMatches({ pool }: FilledCatalogue, runs: number) {
  const { rows } = await pool.query<{ one: unknown }>(
    `SELECT to_jsonb(scholarships) - 'search' || jsonb_build_object('deadline', NULLIF(deadline, 'infinity')) AS one
     FROM scholarships ORDER BY deadline, id`,
  );
  const scholarships = await parseScholarships(
    rows.map(({ one }) => one),
    setImmediate,
  );
  if (scholarships.length !== rows.length) throw new Error('matching did not take every scholarship');
  const fromMs = performance.now();
  const index = await createMatchIndex(scholarships, setImmediate);
  const indexMs = digits(performance.now() - fromMs);
  const today = new Date().toISOString().slice(0, 10);
  const all: number[] = [];
  const matches: Timed[] = [];
  for (const [name, profile] of Object.entries(PROFILES)) {
    const times = await timesOf(runs, () => match(index, { ...profile, today }, LIMIT));
    all.push(...times);
    matches.push(summary(name, times));
  }
  const what = `P95 of matching ${rows.length} scholarships, all profiles`;
  const goal: Part = { what, value: quantile(all, 0.95), unit: 'ms', better: 'less', goal: GOAL_MS };
  return {
    indexMs,
    distinct: index.columns.map(({ examples }) => examples.length),
    matches,
    goals: { matching: goal },
  };
}

async function measureSearches({ pool }: FilledCatalogue, runs: number) {
  const searches: Timed[] = [];
  const plans: Planned[] = [];
  const explain = async (name: string, { text, values }: { text: string; values: unknown[] }) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) ${text}`,
      values,
    );
    plans.push({ name, plan: rows.map((row) => row['QUERY PLAN']).join('\n') });
  };
  const facets = createFacetCopy(pool);
  const fromMs = performance.now();
  await facets.count({});
  const facetsReadMs = digits(performance.now() - fromMs);
  const withoutWords: number[] = [];
  const { rows } = await pool.query<{ revision: string }>(
    'SELECT max(revision) AS revision FROM scholarships',
  );
  for (const [name, filters] of Object.entries(SEARCHES)) {
    const query = searchQuery.parse(filters);
    searches.push(summary(`${name}: list`, await timesOf(runs, () => searchScholarships(pool, query))));
    const times = await timesOf(runs, () => facets.count(filters));
    searches.push(summary(`${name}: facets`, times));
    if (!filters.q) withoutWords.push(...times);
    await explain(`${name}: list`, searchStatement(query, Boolean(query.q), undefined));
    await explain(
      `${name}: facets`,
      filters.q ? facetStatement(filters) : changesStatement(Number(rows[0]?.revision)),
    );
  }
  const what = 'P95 of counting facets without words';
  const goal: Part = { what, value: quantile(withoutWords, 0.95), unit: 'ms', better: 'less', goal: GOAL_MS };
  return { searches, plans, facetsReadMs, goals: { facets: goal } };
}
