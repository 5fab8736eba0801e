import type { Scholarship } from '../catalogue/scholarship.ts';

/** A scholarship that asks for nothing, but for what a test says. */
export function scholarship(traits: Partial<Scholarship> = {}): Scholarship {
  return {
    id: 's-1',
    title: 'A Grant',
    degree_levels: [],
    fields_of_study: [],
    regions: [],
    citizenships: [],
    min_gpa: null,
    max_income_band: null,
    min_age: null,
    max_age: null,
    amount_cents: 100_000,
    currency: 'USD',
    deadline: null,
    ...traits,
  };
}
