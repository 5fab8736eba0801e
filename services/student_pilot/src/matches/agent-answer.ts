import { z } from 'zod';

const hitSchema = z.object({
  scholarship_id: z.string(),
  title: z.string(),
  score: z.number(),
  why: z.array(z.string()),
  missing: z.array(z.string()),
});

export type Hit = z.output<typeof hitSchema>;

const answerSchema = z.object({
  matches: z.array(hitSchema),
  catalogue: z.enum(['current', 'stale', 'unavailable']).default('current'),
});

/** What scholarship_agent answers to POST /matches; without a catalogue it found nothing because it could not look. */
export function parseAgentAnswer(body: unknown): { matches: Hit[]; couldLook: boolean } | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return undefined;
  return { matches: parsed.data.matches, couldLook: parsed.data.catalogue !== 'unavailable' };
}
