import { z } from 'zod';
import { type Ask, jsonOf } from './http-client.ts';

const shownTableSchema = z.object({
  at: z.string().nullable(),
  age_s: z.number().nullable(),
  period_s: z.number(),
  heartbeat_age_s: z.number().nullable(),
  stale: z.boolean(),
  ok: z.boolean(),
  table: z.array(
    z.object({
      app: z.string(),
      label: z.string(),
      verdict: z.enum(['green', 'red', 'unknown']),
      reasons: z.array(z.string()),
    }),
  ),
});

/** The newest truth table as A8 believes it now: its rows are unknown when nobody has been heard of for two periods. */
export type ShownTable = z.infer<typeof shownTableSchema>;

/** @returns undefined when A8 does not answer, or refuses the key. */
export async function askShownTable(
  ask: Ask,
  { hubUrl, readKey }: { hubUrl: string; readKey: string },
): Promise<ShownTable | undefined> {
  try {
    const headers = { authorization: `Bearer ${readKey}`, accept: 'application/json' };
    const parsed = shownTableSchema.safeParse(jsonOf(await ask({ url: `${hubUrl}/truth-table`, headers })));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
