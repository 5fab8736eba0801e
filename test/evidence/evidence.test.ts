import { type Finding, type TruthTable, truthTableSchema } from '@scholar/contract';
import { picturesOf } from './pictures.ts';
import { reportSection } from './report-section.ts';
import {
  awayBetween,
  between,
  drainedAfterMs,
  forwarderSample,
  hubSample,
  type QueueSample,
  quantileOfHistogram,
  shareWithin,
} from './samples.ts';
import { type EvidenceRun, failuresOf, type LoadSeen, type OutageSeen, STEPS } from './seen.ts';
import { takeSteps } from './take-steps.ts';
import { truthSection } from './truth-section.ts';
import { quantilesOfSeconds } from './windows.ts';

const T0 = Date.parse('2026-11-30T08:00:00Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1_000).toISOString();
const ID = '9f0c0b3e-6f0a-4c7b-9d27-0a5f0f6c1d11';

const hubPage = (fast: number, slow: number): string =>
  [
    `a8_event_write_seconds_bucket{le="0.01",canary="false"} ${fast}`,
    `a8_event_write_seconds_bucket{le="0.15",canary="false"} ${fast}`,
    `a8_event_write_seconds_bucket{le="0.3",canary="false"} ${fast + slow}`,
    `a8_event_write_seconds_bucket{le="+Inf",canary="false"} ${fast + slow}`,
    `a8_event_write_seconds_count{canary="false"} ${fast + slow}`,
  ].join('\n');

const queue = (seconds: number, hubAnswers: boolean, delivered: number): QueueSample => ({
  ...{ atMs: T0 + seconds * 1_000, hubAnswers },
  apps: {
    provider_register: { appended: seconds * 10, delivered, waiting: seconds * 10 - delivered, retries: 0 },
  },
});

const finding: Finding = {
  ...{ code: 'app_stopped', app: 'A6', severity: 'critical', summary: 'It is <stopped> | so.' },
  ...{ evidence: [], remedy: 'start it' },
};

const proof: TruthTable = truthTableSchema.parse({
  ...{ at: at(20), environment: 'staging', target: 'local', p95_write_ms: 12, ok: true, simulations: [] },
  table: [
    {
      ...{ app: 'A6', label: 'provider_register', verdict: 'green', reasons: [] },
      config: { ok: true, missing: [] },
      reachable: { health: true, ready: true, p95_ms: 20 },
      event: {
        ...{ event_id: ID, request_id: null, at: at(21), persisted: true, row: true, row_at: at(22) },
        ...{ write_ms: 5, retries: 2 },
      },
    },
  ],
});

const load: LoadSeen = {
  ...{
    engine: 'the runner of scholar (not k6)',
    profile: 'average',
    passed: true,
    verdict: 'load average: PASS',
  },
  summary: {
    metrics: { 'http_req_duration{op:write}': { values: { med: 5, 'p(95)': 12.3, 'p(99)': 20, max: 260 } } },
    state: { testRunDurationMs: 3_000 },
  },
  comparison: { started: 4, acknowledged: 4, rows: 4, missing: [], unanswered: 0, cutShort: 0 },
  writes: [0, 500, 1_000, 1_500].map((ms, index) => [T0 + 60_000 + ms, index === 3 ? 260 : 10] as const),
  hub: [hubSample(hubPage(10, 0), T0 + 60_000), hubSample(hubPage(13, 1), T0 + 62_000)],
};

const outage: OutageSeen = {
  ...{ kills: 3, serverErrors: [], apps: ['provider_register'] },
  fates: { sent: 40, rows: 40, missing: [], duplicates: [] },
  queues: [queue(0, true, 0), queue(1, false, 5), queue(2, true, 5), queue(3, true, 30)],
};

const whole: EvidenceRun = {
  steps: STEPS.map((name, index) => ({
    ...{ name, fromMs: T0 + index * 5_000, toMs: T0 + index * 5_000 + 5_000, failure: undefined },
  })),
  machine: { cores: 2, node: 'v24.9.0', loadBefore: 0.5, loadAfter: 12.34 },
  findings: [finding],
  ghost: { state: 'does not run', health: 'no answer', ready: 'no answer' },
  planned: [{ label: 'provider_register', role: 'app', steps: ['start provider_register'] }],
  fixed: {
    ...{ ok: true, left: [] },
    repairs: [
      {
        ...{ at: at(12), target: 'local', remedy: 'start', before: '-', after: '-', applied: true, ok: true },
        finding: { code: 'app_stopped', app: 'A6', summary: 'stopped' },
        ...{ proof: { event_id: ID, row_at: at(14) }, detail: 'proven', attempt: 1 },
        steps: { found_at: at(11), applied_at: at(12), proven_at: at(14) },
      },
    ],
  },
  ...{ proof, load, outage },
};

test('a percentile of a histogram lies inside its bucket, and the share within an edge is exact', () => {
  const [first, last] = [hubSample(hubPage(10, 0), 0), hubSample(hubPage(100, 10), 1_000)];
  const moved = between(first, last);
  expect(moved.count).toBe(100);
  expect(quantileOfHistogram(moved, 0.45)).toBeCloseTo(5, 9);
  expect(quantileOfHistogram(moved, 0.95)).toBeCloseTo(225, 9);
  expect(shareWithin(moved, 0.15)).toBe(0.9);
  expect(quantileOfHistogram(between(last, last), 0.95)).toBeUndefined();
  expect(() => between(last, first)).toThrow(/started anew/);
});

test('a percentile of a second is of the writes that ended in it, and of no others', () => {
  expect(quantilesOfSeconds(load.writes, 0.5)).toEqual([
    [0.5, 10],
    [1.5, 135],
  ]);
});

test('away is from the first moment without an answer until the next with one; drained is when nothing waits any more', () => {
  expect(awayBetween(outage.queues)).toEqual({ fromMs: T0 + 1_000, toMs: T0 + 2_000 });
  expect(drainedAfterMs(outage.queues)).toBe(1_000);
  expect(drainedAfterMs(outage.queues.slice(0, 3))).toBeUndefined();
  expect(forwarderSample('forwarder_queue_depth 7\nforwarder_retries_total{reason="5xx"} 2\n')).toEqual({
    ...{ appended: 0, delivered: 0, waiting: 7, retries: 2 },
  });
});

test('the report has the figures of both clocks side by side, retries and times of the phases, and what was found', () => {
  const page = reportSection(whole, 'evidence');
  expect(page).toContain('**everything held**');
  expect(page).toContain(
    '2 cores, Node v24.9.0; its load average was 0.5 before the run and 12.3 at its end',
  );
  expect(page).toContain(
    '| the runner of scholar (not k6) | 4 | 5.0 ms | 12.3 ms | 20.0 ms | 260.0 ms | 75.00 % |',
  );
  expect(page).toMatch(/\| A8 itself \| 4 \|.* 75\.00 % \|/);
  expect(page).toContain(
    '| 1 Bloodline (A2, A6) | 08:00:11.000 | 3.0 s | 0 | 1 of 1 repaired and proven by a row |',
  );
  expect(page).toContain('| 3 Truth table, simulations, guards | 08:00:20.000 | 5.0 s | 2 | 1 of 1 green |');
  expect(page).toContain('&lt;stopped> \\| so.');
  expect(page).toContain('A6 before the repair: does not run; /health: no answer');
  expect(page).toContain('40 events were answered for, 40 are rows');
});

test('what failed, and what the run did not come to, stands on top of the report', () => {
  const steps = [{ name: 'start' as const, fromMs: T0, toMs: T0 + 1_000, failure: 'a port is taken' }];
  const page = reportSection({ steps }, 'evidence');
  expect(page).toContain('**NOT everything held**');
  expect(page).toContain('- **Failed:** start: a port is taken');
  expect(page).toContain('- **Failed:** outage: it did not come to that');
  expect(truthSection({ steps }, 'evidence')).toContain('did not come to a truth table');
  expect(failuresOf(whole)).toEqual([]);
});

test('the truth table has what was found before beside the row that proves it after', () => {
  const page = truthSection(whole, 'evidence');
  expect(page).toContain(
    `| A6 provider_register | [app_stopped](drifts/app_stopped.md) | **green** | \`${ID}\` | 08:00:22.000 |`,
  );
});

test('every picture is made of the run alone, is small, and is well-formed', () => {
  const pictures = picturesOf(whole);
  expect(Object.keys(pictures).sort()).toEqual([
    ...['outage.svg', 'p95.svg', 'phases.svg', 'retries.svg', 'write-latency.svg'],
  ]);
  for (const svg of Object.values(pictures)) {
    expect(svg.length).toBeLessThan(40_000);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  }
  expect(Object.keys(picturesOf({ steps: [] }))).toEqual(['phases.svg']);
});

test('a bad step does not keep the others from being taken, and the system is ended whatever happens', async () => {
  const told: string[] = [];
  let ended = 0;
  const run = await takeSteps({
    start: async () => 'system',
    plans: [
      { name: 'audit', take: async () => Promise.reject(new Error('nobody\n answers')) },
      { name: 'plan', take: async () => ({ seen: { planned: [] }, failure: 'odd' }) },
    ],
    end: async () => {
      ended += 1;
    },
    now: () => 5,
    onStep: (text) => told.push(text),
  });
  expect(run.planned).toEqual([]);
  expect(run.steps.map(({ name, failure }) => [name, failure])).toEqual([
    ...[
      ['start', undefined],
      ['audit', 'nobody answers'],
      ['plan', 'odd'],
    ],
  ]);
  expect(ended).toBe(1);
});

test('without a system nothing else is tried', async () => {
  const run = await takeSteps({
    start: () => Promise.reject(new Error('a port is taken')),
    plans: [{ name: 'audit', take: async () => ({ seen: {} }) }],
    end: () => Promise.reject(new Error('there was nothing to end')),
    now: () => 5,
    onStep: () => undefined,
  });
  expect(run.steps).toHaveLength(1);
});
