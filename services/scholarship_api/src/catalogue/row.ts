import type { Scholarship, ScholarshipInput } from './scholarship.ts';

/** The columns of a scholarship as the API shows them: bigint as a number, 'infinity' as null, times as ISO-8601. */
export const SCHOLARSHIP_COLUMNS = `
  id, owner_provider_id, status, title, description, url, degree_levels, fields_of_study, regions, citizenships,
  min_gpa, max_income_band, min_age, max_age, amount_cents::float8 AS amount_cents, currency,
  CASE WHEN deadline = 'infinity' THEN NULL ELSE to_char(deadline, 'YYYY-MM-DD') END AS deadline,
  sample, created_at, updated_at, revision::float8 AS revision`;

export type ScholarshipRow = Omit<Scholarship, 'created_at' | 'updated_at'> & {
  created_at: Date;
  updated_at: Date;
};

/** A row as an API document; columns that only the query needs are left behind. */
export function toScholarship(row: ScholarshipRow): Scholarship {
  return {
    id: row.id,
    owner_provider_id: row.owner_provider_id,
    status: row.status,
    title: row.title,
    description: row.description,
    url: row.url,
    degree_levels: row.degree_levels,
    fields_of_study: row.fields_of_study,
    regions: row.regions,
    citizenships: row.citizenships,
    min_gpa: row.min_gpa,
    max_income_band: row.max_income_band,
    min_age: row.min_age,
    max_age: row.max_age,
    amount_cents: row.amount_cents,
    currency: row.currency,
    deadline: row.deadline,
    sample: row.sample,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    revision: row.revision,
  };
}

/** Column names and values for an INSERT or UPDATE of (a part of) what a provider says. */
export function toColumns(input: Partial<ScholarshipInput>): { names: string[]; values: unknown[] } {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return {
    names: entries.map(([name]) => name),
    values: entries.map(([name, value]) => (name === 'deadline' && value === null ? 'infinity' : value)),
  };
}
