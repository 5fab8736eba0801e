import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeMachine } from '../command.ts';
import { judged } from '../goal.ts';
import { fillSections } from '../markdown.ts';
import { createDeliveries, sessionOf } from './delivery.ts';
import { renderSections } from './render.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/BENCHMARKS_WEBHOOK.md', import.meta.url), 'utf8');

test('a delivery is signed over its very bytes, and each id is a checkout of its own', () => {
  const make = createDeliveries({ secret: 'whsec_bench', provider: 'provider-1' });
  const { body, signature } = make('0b8f5d7e-0000-4000-8000-000000000001');
  const [, seconds = '', mac = ''] = /^t=(\d+),v1=(\w+)$/.exec(signature) ?? [];
  expect(createHmac('sha256', 'whsec_bench').update(`${seconds}.${body}`).digest('hex')).toBe(mac);
  const event = JSON.parse(body);
  expect(event.data.object).toMatchObject({
    id: sessionOf('0b8f5d7e-0000-4000-8000-000000000001'),
    payment_status: 'paid',
    metadata: { provider_id: 'provider-1' },
  });
  expect(JSON.parse(make('0b8f5d7e-0000-4000-8000-000000000002').body).id).not.toBe(event.id);
});

test('every section has its place in the document, with a result and without', () => {
  const rate = { perSecond: 100, answered: 2_300, p50Ms: 4, p95Ms: 160, p99Ms: 200, maxMs: 300 };
  const goal = { what: 'P95', value: 160, unit: 'ms', better: 'less', goal: 150 } as const;
  const page = fillSections(
    DOCUMENT,
    renderSections({
      ...{ format: 1, at: '2026-01-01T00:00:00Z', machine: describeMachine('ext4'), loadAverage: 99 },
      ...{ versions: { PostgreSQL: '18' }, goals: judged({ webhook_100: goal }) },
      plan: { providers: 20, connections: 64, warmMs: 1, measureMs: 20_000 },
      rates: [{ ...rate, waited: 3, cpuUs: 900, foreignCpu: 0.2 }],
      burst: {
        ...{ events: 3_000, connections: 200, deliveries: 3_700, refused: 5, unanswered: 395 },
        ...{ longestMs: 2_000, tookMs: 40_000 },
      },
    }),
  );
  for (const text of [
    'missed',
    '| 100 | 2,300 | 4 | 160 |',
    '| 3,000 | 200 | 3,700 | 5 | 395 |',
    'others ran',
  ])
    expect(page).toContain(text);
  expect(fillSections(DOCUMENT, renderSections(undefined))).toContain('`make bench-webhook` writes them');
});
