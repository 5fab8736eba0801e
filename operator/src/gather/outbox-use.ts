import { z } from 'zod';
import type { OutboxUse } from '../doctor/disks.ts';
import { type Ask, jsonOf } from './http-client.ts';

const quotaSchema = z.object({
  quota: z.object({ used_bytes: z.number(), max_bytes: z.number().positive() }),
});

/** What a forwarder's /status says of its folder; undefined when it does not answer. */
export async function askOutboxUse(ask: Ask, opsUrl: string): Promise<OutboxUse['use']> {
  try {
    const { quota } = quotaSchema.parse(jsonOf(await ask({ url: `${opsUrl}/status`, timeoutMs: 3_000 })));
    return { usedBytes: quota.used_bytes, maxBytes: quota.max_bytes };
  } catch {
    return undefined;
  }
}
