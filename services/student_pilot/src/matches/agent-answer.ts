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
  near_misses: z.array(hitSchema).default([]),
  catalogue: z.enum(['current', 'stale', 'unavailable']).default('current'),
});

export type AgentAnswer = { matches: Hit[]; nearMisses: Hit[]; couldLook: boolean };

/** What scholarship_agent answers to POST /matches; without a catalogue it found nothing because it could not look. */
export function parseAgentAnswer(body: unknown): AgentAnswer | undefined {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { matches, near_misses: nearMisses, catalogue } = parsed.data;
  return { matches, nearMisses, couldLook: catalogue !== 'unavailable' };
}
