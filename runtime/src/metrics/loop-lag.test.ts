import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { waitFor } from '../testing/index.ts';
import { collectProcessMetrics } from './loop-lag.ts';

function valueIn(page: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
}

test('a stalled event loop is seen with its length; one that was never late is at zero, not at the time between two looks', async () => {
  const registry = new Registry();
  collectProcessMetrics(registry);
  // The first look sets the beginning; the second is the first delay.
  const onTime = async () => valueIn(await registry.metrics(), 'nodejs_eventloop_lag_p50_seconds') < 0.19;
  await waitFor(onTime, { timeoutMs: 60_000, intervalMs: 450 });
  await sleep(450);
  for (const untilMs = performance.now() + 600; performance.now() < untilMs; );
  await sleep(50);
  const page = await registry.metrics();
  expect(valueIn(page, 'nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.35);
  expect(valueIn(page, 'nodejs_eventloop_utilization_ratio')).toBeGreaterThan(0.2);
}, 120_000);
