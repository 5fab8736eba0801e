import type { Filters } from './search-query.ts';

/** The lists of a scholarship by which a search narrows and counts: what the query calls it, and its column. */
export const FACETS = {
  degree: 'degree_levels',
  field: 'fields_of_study',
  region: 'regions',
  citizenship: 'citizenships',
} as const;

export type FacetName = keyof typeof FACETS;
export const FACET_NAMES = Object.keys(FACETS) as readonly FacetName[];

/** Takes a value and gives the parameter that stands for it. */
export type Bind = (value: unknown) => string;

/** What is open to somebody today. */
export const OPEN = [`status = 'published'`, 'deadline >= current_date'] as const;

/**
 * The conditions of one facet: also what is open to all is found. None where nothing was asked.
 * NULL limits mean "no restriction", as empty lists do.
 */
export function facetCondition(facet: FacetName, filters: Filters, bind: Bind): string[] {
  const wanted = filters[facet];
  if (!wanted) return [];
  return [`(${FACETS[facet]} = '{}' OR ${FACETS[facet]} @> ARRAY[${bind(wanted)}::text])`];
}

/** The conditions beside the facets: what a person brings, what they want to get, and by when. */
export function limitConditions(filters: Filters, bind: Bind): string[] {
  const { gpa, income_band: band, age, min_amount_cents: amount, deadline_to: last } = filters;
  return [
    ...(gpa === undefined ? [] : [`(min_gpa IS NULL OR min_gpa <= ${bind(gpa)}::float8)`]),
    ...(band === undefined ? [] : [`(max_income_band IS NULL OR max_income_band >= ${bind(band)}::int)`]),
    ...(age === undefined ? [] : [ageCondition(bind(age))]),
    ...(amount === undefined ? [] : [`amount_cents >= ${bind(amount)}::bigint`]),
    ...(last === undefined ? [] : [`deadline <= ${bind(last)}::date`]),
  ];
}

function ageCondition(age: string): string {
  return `(min_age IS NULL OR min_age <= ${age}::int) AND (max_age IS NULL OR max_age >= ${age}::int)`;
}
