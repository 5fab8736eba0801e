import { z } from 'zod';

const words = z.array(z.string()).default([]);
const limit = z.number().nullable().default(null);

const scholarship = z.object({
  title: z.string(),
  description: z.string().default(''),
  url: z.string().nullable().default(null),
  degree_levels: words,
  fields_of_study: words,
  regions: words,
  citizenships: words,
  min_gpa: limit,
  /** 1 = the lowest fifth of family income … 5 = the highest. */
  max_income_band: limit,
  min_age: limit,
  max_age: limit,
  amount_cents: z.number().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** YYYY-MM-DD; null = applications at any time. */
  deadline: z.iso.date().nullable().default(null),
  sample: z.boolean().default(false),
});

const list = z.object({ scholarships: z.array(scholarship), next_cursor: z.string().nullable() });

const facet = z.object({
  values: z.array(z.object({ value: z.string(), count: z.number() })),
  open_to_all: z.number(),
});

const counts = z.object({
  total: z.number(),
  facets: z.object({ degree: facet, field: facet, region: facet, citizenship: facet }),
});

export type Scholarship = z.output<typeof scholarship>;
export type ScholarshipList = z.output<typeof list>;
export type Counts = z.output<typeof counts>;

/** @throws ZodError for an answer of scholarship_api that makes no sense. */
export const parseList = (body: unknown): ScholarshipList => list.parse(body);
/** @throws ZodError likewise. */
export const parseCounts = (body: unknown): Counts => counts.parse(body);
