import { mintCanary } from '@scholar/contract';
import { canaryIdOf, eventIdOfCanary, mint } from '../scenarios/parts/canary.ts';
import { eventIdOf } from '../scenarios/parts/event-id-of.ts';
import { base64url, hmac } from '../scenarios/parts/hmac.ts';
import { compareIds, isLoss } from './compare.ts';
import { idsOfRun } from './ids.ts';
import { renderReport } from './report.ts';
import type { Summary } from './summary.ts';
import { isPassed, type Outcome, verdictLine } from './verdict.ts';

const RUN = 'a1b2c3d4e5f6';
const ids = (...iterations: number[]) => new Set(iterations.map((n) => eventIdOf(RUN, n)));

test('every id of a run is a uuid-v4 by its shape, and no two are alike', () => {
  const made = [0, 1, 255, 2 ** 40].map((n) => eventIdOf(RUN, n));
  for (const id of made)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(made).size).toBe(4);
});

test('what a script of k6 signs is what the contract and Stripe would sign', async () => {
  const key = 'canary-key';
  const id = canaryIdOf(RUN, 7);
  expect(await mint(key, id, 5_000)).toEqual({
    id,
    token: mintCanary(key, { canaryId: id, notAfterMs: 5_000 }),
  });
  const of = { label: 'provider_register', type: 'PaymentSuccess' };
  expect([await eventIdOfCanary(key, id, of)]).toEqual(
    idsOfRun({ profile: 'webhook', run: RUN, count: 8, canaryKey: key }).slice(7),
  );
  for (const length of [0, 1, 2, 3, 31, 32, 33]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
    expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
  }
  await expect(hmac(key, 'ä')).rejects.toThrow(/only ASCII/);
});

test('an acknowledged event without a row is a loss, and named; a refused one is none, and a row too many neither', () => {
  const of = { ids: [...ids(0, 1, 2, 3, 4)], notAcknowledged: ids(3, 4), counted: 3 };
  const lost = compareIds({ ...of, rows: ids(0, 2, 4) });
  expect(lost).toEqual({
    ...{ started: 5, acknowledged: 3, rows: 3, missing: [eventIdOf(RUN, 1)], unanswered: 1, cutShort: 0 },
  });
  expect(isLoss(lost)).toBe(true);
  expect(isLoss(compareIds({ ...of, rows: ids(0, 1, 2) }))).toBe(false);
});

test('what an iteration that was cut short did not say is no proof of a loss', () => {
  const cut = compareIds({ ids: [...ids(0, 1, 2)], notAcknowledged: ids(), counted: 2, rows: ids(0, 1) });
  expect(isLoss(cut)).toBe(false);
});

const metric = (values: Record<string, number>, ...broken: string[]) => ({
  values,
  thresholds: Object.fromEntries(broken.map((expression) => [expression, { ok: false }])),
});
const summary = (metrics: Summary['metrics']): Summary => ({ metrics, state: { testRunDurationMs: 30_000 } });
const outcome = (o: Partial<Outcome> = {}): Outcome => ({
  ...{ profile: 'smoke', engine: 'k6 v2.3.0', code: 0, comparison: undefined, kills: 0 },
  summary: summary({
    'http_req_duration{op:write}': metric({ 'p(95)': 12.34, 'p(99)': 20 }),
    acknowledged_events: metric({ count: 150 }),
  }),
  ...o,
});

test('the verdict is one line that names the engine', () => {
  const line = verdictLine(outcome());
  expect(line).toBe(
    'load smoke: PASS by k6 v2.3.0; P95 of a write 12.3 ms, P99 20.0 ms; 150 acknowledged, 0 lost (asked for one by one); 0.00 % failed, 0 dropped',
  );
});

test('a broken bound, a loss or an engine that failed is no pass, and the page says which', () => {
  const broken = outcome({ code: 99, summary: summary({ lost_events: metric({ count: 1 }, 'count==0') }) });
  expect(isPassed(broken)).toBe(false);
  expect(renderReport(broken, new Date(0))).toContain('>broken<');
  const comparison = compareIds({ ids: [...ids(0)], notAcknowledged: ids(), rows: ids(), counted: 1 });
  const lost = outcome({ comparison });
  expect(isPassed(lost)).toBe(false);
  expect(verdictLine(lost)).toContain('1 lost (compared with 0 rows)');
  expect(renderReport(lost, new Date(0))).toContain(eventIdOf(RUN, 0));
  expect(isPassed(outcome({ code: 107 }))).toBe(false);
});

test('a profile that looks for a limit passes when a bound breaks, and says at what rate; a loss is a loss there, too', () => {
  const metrics = {
    iterations: metric({ count: 1_400 }),
    dropped_iterations: metric({ count: 100 }),
    'http_req_duration{op:write}': metric({ 'p(95)': 180 }, 'p(95)<150'),
  };
  const found = {
    profile: 'breakpoint',
    code: 99,
    summary: { metrics, state: { testRunDurationMs: 10_000 } },
  };
  expect(isPassed(outcome(found))).toBe(true);
  // From 50 a second evenly to 250 are 150 in the mean.
  expect(verdictLine(outcome(found))).toMatch(
    /PASS .*http_req_duration\{op:write\} p\(95\)<150 broke at 250 a second$/,
  );
  expect(isPassed(outcome({ ...found, profile: 'stress' }))).toBe(false);
  expect(isPassed(outcome({ ...found, code: 107 }))).toBe(false);
  const lost = { ...metrics, lost_events: metric({ count: 1 }, 'count==0') };
  expect(isPassed(outcome({ ...found, summary: { ...found.summary, metrics: lost } }))).toBe(false);
});

test('a page shows nothing of a name as markup', () => {
  const odd = outcome({ summary: summary({ '<script>x</script>': metric({ count: 1 }) }) });
  expect(renderReport(odd, new Date(0))).not.toContain('<script>');
});
