import { FACET_NAMES, type FacetName } from './conditions.ts';
import { type Facet, type FacetCounts, MOST_VALUES } from './facets.ts';
import type { Filters } from './search-query.ts';

/** A scholarship as it is after a change, with what facets and filters read; null where it restricts nothing. */
export type Change = Record<FacetName, string[]> & {
  id: string;
  /** False where nobody finds it: a draft, or over, or gone. */
  published: boolean;
  min_gpa: number | null;
  max_income_band: number | null;
  min_age: number | null;
  max_age: number | null;
  amount_cents: number;
  /** Days since 1970-01-01; null = no end. */
  last_day: number | null;
};

type Row = {
  id: string;
  /** For each facet the number of its list. */
  codes: readonly number[];
  minGpa: number;
  maxBand: number;
  minAge: number;
  maxAge: number;
  amount: number;
  lastDay: number;
};

/** The lists of one facet, each known by a number: however many scholarships, few lists differ. */
type Lists = { known: Map<string, number>; all: string[][] };

export type FacetIndex = {
  apply(change: Change): void;
  /** The same as `countFacets` for a search without words, on a day given as `last_day` is. */
  count(filters: Filters, today: number): FacetCounts;
};

const DAY_MS = 86_400_000;

/** What is published, as small numbers: one pass over them counts a search. Pure but for what it keeps. */
export function createFacetIndex(): FacetIndex {
  const lists: Lists[] = FACET_NAMES.map(() => ({ known: new Map(), all: [] }));
  const places = new Map<string, number>();
  const rows: Row[] = [];

  function take(place: number): void {
    // The last row fills the gap: the order of rows means nothing to counts.
    const last = rows.pop();
    if (last === undefined || place === rows.length) return;
    rows[place] = last;
    places.set(last.id, place);
  }

  return {
    apply(change) {
      const place = places.get(change.id);
      if (!change.published) {
        places.delete(change.id);
        if (place !== undefined) take(place);
        return;
      }
      const row = toRow(
        change,
        FACET_NAMES.map((name, facet) => codeOf(lists[facet], change[name])),
      );
      if (place === undefined) places.set(change.id, rows.push(row) - 1);
      else rows[place] = row;
    },
    count(filters, today) {
      const fits = limits(filters, today);
      const allowed = FACET_NAMES.map((name, facet) => allowedLists(lists[facet], filters[name]));
      const counts = lists.map(({ all }) => new Uint32Array(all.length));
      let total = 0;
      for (const row of rows) {
        if (!fits(row)) continue;
        const missed = missedFacet(row.codes, allowed);
        if (missed === SEVERAL) continue;
        if (missed !== NONE) add(counts[missed], row.codes[missed]);
        else {
          total += 1;
          for (let facet = 0; facet < counts.length; facet += 1) add(counts[facet], row.codes[facet]);
        }
      }
      const [degree, field, region, citizenship] = lists.map(({ all }, facet) => toFacet(all, counts[facet]));
      if (!degree || !field || !region || !citizenship) throw new Error('a facet has no lists');
      return { total, facets: { degree, field, region, citizenship } };
    },
  };
}

const NONE = -1;
const SEVERAL = -2;

/**
 * The one facet whose filter a row does not pass, NONE where it passes all: the counts of a facet leave its own filter out,
 * so a row that misses one still counts for that one.
 */
function missedFacet(codes: readonly number[], allowed: readonly Uint8Array[]): number {
  let missed = NONE;
  for (let facet = 0; facet < allowed.length; facet += 1) {
    if (allowed[facet]?.[codes[facet] ?? 0] === 1) continue;
    if (missed !== NONE) return SEVERAL;
    missed = facet;
  }
  return missed;
}

function add(counts: Uint32Array | undefined, code: number | undefined): void {
  if (counts !== undefined && code !== undefined) counts[code] = (counts[code] ?? 0) + 1;
}

function codeOf(lists: Lists | undefined, list: string[]): number {
  if (lists === undefined) throw new Error('a facet has no lists');
  const key = JSON.stringify(list);
  const known = lists.known.get(key);
  if (known !== undefined) return known;
  const code = lists.all.push(list) - 1;
  lists.known.set(key, code);
  return code;
}

/** For each list whether a search for a value finds it: also what is open to all. */
function allowedLists(lists: Lists | undefined, wanted: string | undefined): Uint8Array {
  const all = lists?.all ?? [];
  return Uint8Array.from(all, (list) =>
    wanted === undefined || list.length === 0 || list.includes(wanted) ? 1 : 0,
  );
}

function limits(filters: Filters, today: number): (row: Row) => boolean {
  const { gpa, income_band: band, age, min_amount_cents: least = 0, deadline_to: last } = filters;
  const until = last === undefined ? undefined : Date.parse(last) / DAY_MS;
  return (row) =>
    row.lastDay >= today &&
    row.amount >= least &&
    (gpa === undefined || row.minGpa <= gpa) &&
    (band === undefined || row.maxBand >= band) &&
    (age === undefined || (row.minAge <= age && row.maxAge >= age)) &&
    (until === undefined || row.lastDay <= until);
}

function toFacet(lists: readonly string[][], counts: Uint32Array | undefined): Facet {
  const byValue = new Map<string, number>();
  let openToAll = 0;
  lists.forEach((list, code) => {
    const count = counts?.[code] ?? 0;
    if (count === 0) return;
    if (list.length === 0) openToAll += count;
    for (const value of list) byValue.set(value, (byValue.get(value) ?? 0) + count);
  });
  const values = [...byValue]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES);
  return { values, open_to_all: openToAll };
}

function toRow(change: Change, codes: readonly number[]): Row {
  const { POSITIVE_INFINITY: never, NEGATIVE_INFINITY: always } = Number;
  return {
    id: change.id,
    codes,
    minGpa: change.min_gpa ?? always,
    maxBand: change.max_income_band ?? never,
    minAge: change.min_age ?? always,
    maxAge: change.max_age ?? never,
    amount: change.amount_cents,
    lastDay: change.last_day ?? never,
  };
}
