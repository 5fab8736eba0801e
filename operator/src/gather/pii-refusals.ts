import { type AppLabel, isAppLabel } from '@scholar/contract';
import { z } from 'zod';
import type { PiiRefusals } from '../audit/snapshot.ts';
import { type Ask, jsonOf } from './http-client.ts';

const HOUR_MS = 3_600_000;

const rejectedSchema = z.object({
  rejected: z.array(
    z.object({
      app_label: z.string().nullable(),
      at: z.string(),
      pointer: z.string().nullable(),
      canary_id: z.string().nullable(),
      suppressed: z.number(),
    }),
  ),
});

/**
 * Asks A8 which events of the last hour it refused for personal data. Rows hold the place, never the content; more than
 * the newest 500 are told as those.
 * @returns undefined when A8 does not tell.
 */
export async function askPiiRefusals(
  { ask, now }: { ask: Ask; now: () => number },
  hubUrl: string,
  readKey: string,
): Promise<Partial<Record<AppLabel, PiiRefusals>> | undefined> {
  const query = new URLSearchParams({
    code: 'pii_detected',
    since: new Date(now() - HOUR_MS).toISOString(),
    limit: '500',
  });
  try {
    const headers = { authorization: `Bearer ${readKey}` };
    const reply = await ask({ url: `${hubUrl}/rejected?${query}`, headers, timeoutMs: 3_000 });
    const parsed = rejectedSchema.safeParse(jsonOf(reply));
    return parsed.success ? byApp(parsed.data.rejected) : undefined;
  } catch {
    return undefined;
  }
}

/** Newest first, as A8 lists them. A row stands for itself and for those that its rate cap only counted. */
function byApp(rows: z.infer<typeof rejectedSchema>['rejected']): Partial<Record<AppLabel, PiiRefusals>> {
  const found: Partial<Record<AppLabel, PiiRefusals>> = {};
  for (const { app_label, at, pointer, canary_id, suppressed } of rows) {
    if (canary_id !== null || app_label === null || !isAppLabel(app_label)) continue;
    const seen = found[app_label] ?? { count: 0, pointers: [], lastAt: at };
    seen.count += 1 + suppressed;
    if (pointer !== null && !seen.pointers.includes(pointer)) seen.pointers.push(pointer);
    found[app_label] = seen;
  }
  return found;
}
