import { SCHOLARSHIP_TRAITS } from '@scholar/runtime/catalogue';
import { z } from 'zod';

const scholarship = z.object({
  ...SCHOLARSHIP_TRAITS,
  description: z.string().default(''),
  url: z.string().nullable().default(null),
  sample: z.boolean().default(false),
});

const list = z.object({
  scholarships: z.array(scholarship),
  next_cursor: z.string().nullable(),
  /** What may have been meant by words that found nothing. An odd one is none. */
  did_you_mean: z.string().max(200).optional().catch(undefined),
});

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
