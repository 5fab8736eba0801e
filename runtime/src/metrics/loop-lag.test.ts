import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { waitFor } from '../testing/index.ts';
import { collectProcessMetrics } from './loop-lag.ts';

async function lagIn(registry: Registry, which: string): Promise<number> {
  const page = await registry.metrics();
  return Number(new RegExp(`^nodejs_eventloop_lag_${which}_seconds (\\S+)$`, 'm').exec(page)?.[1]);
}

test('a stalled event loop is seen with its length; one that was never late is at zero, not at the time between two looks', async () => {
  const registry = new Registry();
  collectProcessMetrics(registry);
  // The first look sets the beginning; the second is the first delay.
  const onTime = async () => (await lagIn(registry, 'p50')) < 0.15;
  await waitFor(onTime, { timeoutMs: 60_000, intervalMs: 450 });
  await sleep(450);
  for (const untilMs = performance.now() + 600; performance.now() < untilMs; );
  await sleep(50);
  expect(await lagIn(registry, 'max')).toBeGreaterThan(0.35);
});
