import type { Ask } from './http-client.ts';

/** What an app counts of its events since its start; undefined = it did not answer. */
export async function askCounted(
  ask: Ask,
  opsUrl: string,
): Promise<{ handedOver: number; onConsole: number } | undefined> {
  const page = await askMetrics(ask, opsUrl);
  if (page === undefined) return undefined;
  return {
    handedOver: counterSum(page, 'outbox_relay_sent_total'),
    onConsole: counterSum(page, 'emit_console_total'),
  };
}

async function askMetrics(ask: Ask, opsUrl: string): Promise<string | undefined> {
  try {
    const reply = await ask({ url: `${opsUrl}/metrics`, timeoutMs: 3_000 });
    return reply.status === 200 ? reply.body : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Pure: the sum of a counter over all children that have these labels (Prometheus text format 0.0.4).
 * @returns 0 where there is none: a counter that never moved may not be shown.
 */
export function counterSum(page: string, name: string, labels: Record<string, string> = {}): number {
  let sum = 0;
  for (const line of page.split('\n')) {
    const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/u.exec(line);
    if (match === null || match[1] !== name) continue;
    const [, , has = '', value = '0'] = match;
    const fits = Object.entries(labels).every(([key, wanted]) => `,${has},`.includes(`,${key}="${wanted}",`));
    if (fits && Number.isFinite(Number(value))) sum += Number(value);
  }
  return sum;
}
