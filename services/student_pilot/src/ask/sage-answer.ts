import { z } from 'zod';

const answerSchema = z.object({
  answer: z.string(),
  citations: z.array(z.object({ title: z.string(), source: z.string(), excerpt: z.string() })),
  supported: z.boolean(),
  /** For people: why it is not in words of its own. */
  note: z.string().optional(),
});

export type SageAnswer = z.output<typeof answerSchema>;

/** What scholarship_sage answers to POST /answers; undefined for anything else. */
export function parseSageAnswer(body: unknown): SageAnswer | undefined {
  return answerSchema.safeParse(body).data;
}
