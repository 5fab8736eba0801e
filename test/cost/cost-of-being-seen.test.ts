import { type Logged, loggedUntilNow, startCounting } from '../harness/cost/log-lines.ts';
import { beyondBounds, oddLabels, parseSeries, seriesOf } from '../harness/cost/series.ts';
import { knock, MARK } from '../harness/cost/strangers.ts';
import { LocalSystem } from '../harness/local-system.ts';
import { startTraffic } from '../harness/traffic.ts';
import { underTraffic } from '../harness/under-traffic.ts';

/** A real outage of a minute is `OUTAGE_SECONDS=60`; the lines are the same few. */
const OUTAGE_S = Number(process.env['OUTAGE_SECONDS'] ?? 5);
/** Of each kind: a sign-up, a lead, a payment. */
const EVENTS = 25;
/** More than any process has left below its bound, so that one that made a series of each name would be caught. */
const STRANGERS = 250;

let system: LocalSystem;

beforeAll(async () => {
  system = await LocalSystem.start();
}, 120_000);

afterAll(async () => {
  await system.stop();
}, 120_000);

/** What services and forwarders wrote; A8, the supervisor and PostgreSQL are looked at apart. */
function ofApps(logged: readonly Logged[]): Logged[] {
  return logged.filter(({ process }) => !['auto_com_center', 'supervisor', 'postgres'].includes(process));
}

function atLevel(logged: readonly Logged[], ...levels: string[]): string[] {
  return logged.flatMap(({ process, lines }) =>
    levels.filter((level) => (lines[level] ?? 0) > 0).map((level) => `${process}: ${lines[level]} ${level}`),
  );
}

function louderThan(logged: readonly Logged[], lines: number): string[] {
  return logged
    .filter(({ total }) => total > lines)
    .map(({ process, total, text }) => `${process} wrote ${total} lines:\n${text.slice(0, 2_000)}`);
}

test('a healthy start is told in a few lines; what waits for another service says so once', async () => {
  const logged = await loggedUntilNow(system);
  expect(logged.length).toBeGreaterThanOrEqual(17);
  expect(atLevel(logged, 'error', 'fatal')).toEqual([]);
  expect(louderThan(ofApps(logged), 12)).toEqual([]);
}, 60_000);

test('events that go well are no lines, however many', async () => {
  const logged = await startCounting(system);
  const traffic = await startTraffic(system, 5);
  try {
    await traffic.until(EVENTS, 120_000);
  } finally {
    await traffic.stop();
  }
  const lines = await logged();
  expect(atLevel(lines, 'error', 'fatal')).toEqual([]);
  // A machine that is too slow for a bound of time is mentioned, once.
  expect(louderThan(lines, 4)).toEqual([]);
}, 180_000);

test('an outage of A8 costs each process a few lines, not a line an event, and none of them is an error', async () => {
  const logged = await startCounting(system);
  const { accepted } = await underTraffic(system, async () => {
    for (const untilMs = Date.now() + OUTAGE_S * 1_000; Date.now() < untilMs; ) {
      const { a8 } = await system.status();
      if (a8.pid !== null) process.kill(a8.pid, 'SIGKILL');
      await new Promise((wake) => setTimeout(wake, 200));
    }
  });
  expect(accepted.length).toBeGreaterThan(60);
  const lines = ofApps(await logged());
  expect(atLevel(lines, 'error', 'fatal')).toEqual([]);
  expect(louderThan(lines, 3 + 2 * Math.ceil(OUTAGE_S / 60))).toEqual([]);
  const told = ofApps(await loggedUntilNow(system)).filter(({ text }) =>
    text.includes('A8 does not take events now'),
  );
  expect(told.length).toBeGreaterThanOrEqual(1);
}, 300_000);

test('no number of unknown names makes further series or lines, and no label holds an id, an address or a path', async () => {
  const logged = await startCounting(system);
  const answers = await knock(system, STRANGERS);
  expect([...answers.keys()].filter((status) => status >= 500)).toEqual([]);
  expect([...answers.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(30 * STRANGERS);

  const seen = await seriesOf(system);
  expect(seen).toHaveLength(15);
  expect(beyondBounds(seen)).toEqual([]);
  expect(seen.flatMap(({ series }) => oddLabels(series))).toEqual([]);
  expect(JSON.stringify(seen)).not.toContain(MARK);

  const lines = await logged();
  expect(atLevel(lines, 'error', 'fatal')).toEqual([]);
  expect(louderThan(ofApps(lines), 12)).toEqual([]);
}, 240_000);

test('a label that holds an id, an address, a path or a token is recognised as one that must not be there', () => {
  const page = [
    'a_total{app="scholar_auth",route="/events/:id",status="201",le="0.15"} 1',
    'b_total{id="018f7a52-0c3e-4f7e-9a3f-6b1f2f6f7a11"} 1',
    'c_total{who="jane@example.com"} 1',
    'd_total{route="/events/018f7a52-0c3e-4f7e-9a3f-6b1f2f6f7a11"} 1',
    'e_total{reason="connect ECONNREFUSED 127.0.0.1:80"} 1',
  ].join('\n');
  expect(oddLabels(parseSeries(page)).map((text) => text.split(' ')[0])).toEqual([
    'b_total',
    'c_total',
    'd_total',
    'e_total',
  ]);
});
