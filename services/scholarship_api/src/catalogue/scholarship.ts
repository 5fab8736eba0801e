import { DEGREE_LEVELS } from '@scholar/runtime/catalogue';
import { z } from 'zod';

export const STATUSES = ['draft', 'published', 'expired'] as const;

/** A day that PostgreSQL knows, too: its calendar has no year 0. */
export const day = z.iso.date().refine((text) => text >= '0001-01-01', 'a day as YYYY-MM-DD');

const word = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens, such as computer-science')
  .max(60);
const country = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 country code of two capital letters');

/** An empty list of who may study what, where, means "no restriction". */
const fields = {
  title: z.string().trim().min(3).max(200),
  description: z.string().trim().min(1).max(5000),
  url: z.url({ protocol: /^https?$/ }).nullable(),
  status: z.enum(STATUSES),
  degree_levels: z.array(z.enum(DEGREE_LEVELS)).max(6),
  fields_of_study: z.array(word).max(30),
  regions: z.array(word).max(60),
  citizenships: z.array(country).max(60),
  /** On the scale of 4.0. */
  min_gpa: z.number().min(0).max(4).nullable(),
  /** 1 = the lowest fifth of family income … 5 = the highest; null = not looked at. */
  max_income_band: z.int().min(1).max(5).nullable(),
  min_age: z.int().min(0).max(120).nullable(),
  max_age: z.int().min(0).max(120).nullable(),
  amount_cents: z.int().min(0).max(10_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code of three capital letters'),
  /** null = applications at any time. */
  deadline: day.nullable(),
};

/** What a provider says about a new scholarship; title, description and amount_cents are needed. */
export const scholarshipInput = z.strictObject({
  ...fields,
  url: fields.url.default(null),
  status: fields.status.default('draft'),
  degree_levels: fields.degree_levels.default([]),
  fields_of_study: fields.fields_of_study.default([]),
  regions: fields.regions.default([]),
  citizenships: fields.citizenships.default([]),
  min_gpa: fields.min_gpa.default(null),
  max_income_band: fields.max_income_band.default(null),
  min_age: fields.min_age.default(null),
  max_age: fields.max_age.default(null),
  currency: fields.currency.default('USD'),
  deadline: fields.deadline.default(null),
});

export type ScholarshipInput = z.output<typeof scholarshipInput>;

/** A PATCH: any part of it, and it touches nothing that it does not name. */
export const scholarshipPatch = z
  .strictObject(fields)
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'name at least one field to change');

export type ScholarshipPatch = z.output<typeof scholarshipPatch>;

export type Scholarship = ScholarshipInput & {
  id: string;
  owner_provider_id: string | null;
  /** Made up by the generator of this repository, for trials. */
  sample: boolean;
  created_at: string;
  updated_at: string;
  /** Another after each change; the ETag of this document. */
  revision: number;
};

/** Whether min_age and max_age contradict each other, in words, with the field at fault. */
export function contradiction(input: Pick<ScholarshipInput, 'min_age' | 'max_age'>): string | undefined {
  if (input.min_age === null || input.max_age === null || input.min_age <= input.max_age) return undefined;
  return `max_age (${input.max_age}) is below min_age (${input.min_age})`;
}
