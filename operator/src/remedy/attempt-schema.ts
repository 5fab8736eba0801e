import { z } from 'zod';

/** An attempt as it is kept. What a later release adds to it is no reason to forget it. */
export const attemptSchema = z.object({
  at: z.number(),
  ok: z.boolean().nullable(),
  findings: z.array(z.string()).optional(),
});
