import { z } from 'zod';

const words = z.array(z.string()).default([]);
const limit = z.number().nullable().default(null);

/** What scholarship_api tells of a scholarship that decides who may apply, and for what. An empty list and a null limit mean "no restriction". */
export const SCHOLARSHIP_TRAITS = {
  title: z.string().min(1),
  degree_levels: words,
  fields_of_study: words,
  regions: words,
  citizenships: words,
  /** On the scale of 4.0. */
  min_gpa: limit,
  /** 1 = the lowest fifth of family income … 5 = the highest. */
  max_income_band: limit,
  min_age: limit,
  max_age: limit,
  amount_cents: z.number().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** YYYY-MM-DD, the last day; null = applications at any time. */
  deadline: z.iso.date().nullable().default(null),
};
