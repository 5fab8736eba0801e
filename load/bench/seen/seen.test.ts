import { readFileSync } from 'node:fs';
import { createHttpStub } from '@scholar/runtime/testing';
import { isMet, judged } from '../goal.ts';
import { judgeIdle } from '../idle/goals.ts';
import { startReading, wakeupsBetween } from '../idle/readings.ts';
import { fillSections } from '../markdown.ts';
import { judgeSeen } from './goals.ts';
import type { Pass } from './passes.ts';
import { renderSections } from './render.ts';
import type { SeenResult } from './result.ts';
import type { Round } from './round.ts';
import { seriesIn, startScraper } from './scraper.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/BENCHMARKS_SEEN.md', import.meta.url), 'utf8');
const PROBE = { syncP50Ms: 0.2, syncP99Ms: 1, workMs: 20 };
const ROUND: Round = {
  ...{ perSecond: 1_000, p50Ms: 1, p95Ms: 2, p99Ms: 3, maxMs: 9, cpuUs: 40, waited: 0, foreignCpu: 0 },
};
const SCRAPES = { count: 10, series: 200, bytes: 20_000, p50Ms: 3, maxMs: 8 };

function passOf(plainMs: number, scrapedMs: number): Pass {
  const pair = {
    plain: { ...ROUND, p99Ms: plainMs },
    scraped: { ...ROUND, p99Ms: scrapedMs, scrapes: SCRAPES },
  };
  return { pairs: { a8: pair, forwarder: pair }, before: PROBE, after: PROBE };
}

test('what a reader adds is a difference within a pass: a slow pass changes nothing', () => {
  const { G20_a8: part } = judgeSeen([passOf(3, 3.5), passOf(30, 30.5), passOf(4, 4.5)]);
  expect(part).toMatchObject({ value: 0.5, deviation: 0, floor: 5, goal: 1 });
  expect(judgeSeen([passOf(3, 4.5)])['G20_forwarder']).toMatchObject({ value: 1.5 });
});

test('an idle system is judged by the sum of its processes, its logs by the loudest', () => {
  const of = (cpuPercent: number, logLinesPerHour: number) => ({
    ...{ name: 'x', cpuPercent, logLinesPerHour, wakeupsPerSecond: 1, pssBytes: 1, logBytesPerHour: 1 },
  });
  const parts = judgeIdle([of(3, 60), of(2.5, 120)]);
  expect([parts['idle_cpu']?.value, parts['idle_log']?.value]).toEqual([5.5, 120]);
  expect(Object.values(parts).some(isMet)).toBe(false);
});

test('a reader asks in time and tells what the last page held; one that was refused fails the round', async () => {
  const good = await createHttpStub(() => ({ status: 200, body: '# HELP a b\na 1\nb{c="d"} 2\n' }));
  const bad = await createHttpStub(() => ({ status: 503, body: 'no' }));
  try {
    const scraper = startScraper(`${good.url}/metrics`, 10);
    while (good.requests.length < 3) await new Promise((wake) => setTimeout(wake, 5));
    const seen = await scraper.stop();
    expect(seen.count).toBeGreaterThanOrEqual(2);
    expect(seen.series).toBe(seriesIn('# HELP a b\na 1\nb{c="d"} 2\n'));
    const refused = startScraper(`${bad.url}/metrics`, 10);
    while (bad.requests.length < 1) await new Promise((wake) => setTimeout(wake, 5));
    await expect(refused.stop()).rejects.toThrow('answered 503');
  } finally {
    await Promise.all([good.close(), bad.close()]);
  }
});

test('a thread counts only where it was seen at both ends', () => {
  const before = new Map([...Object.entries({ 1: 10, 2: 5 })]);
  const after = new Map([...Object.entries({ 1: 14, 3: 900 })]);
  expect(wakeupsBetween(before, after)).toBe(4);
});

test('a process that works is seen to, in time, memory and wake-ups', async () => {
  const read = startReading([{ name: 'this', pid: process.pid, family: false, logFile: '/none' }]);
  for (const untilMs = performance.now() + 200; performance.now() < untilMs; );
  await new Promise((wake) => setTimeout(wake, 1));
  const [seen] = read();
  expect(seen?.cpuPercent).toBeGreaterThan(1);
  expect(seen?.pssBytes).toBeGreaterThan(1_000_000);
  expect(seen?.logLinesPerHour).toBe(0);
});

test('every section has its place in the document, with both results, with one and without', () => {
  const pair = passOf(3, 3.5).pairs;
  const machine = { cores: 2, model: 'm', memoryGb: 8, fileSystem: 'ext4', kernel: '6', node: '24' };
  const head = {
    format: 1,
    at: '2026-11-30T00:00:00.000Z',
    machine,
    versions: { PostgreSQL: '18' },
  } as const;
  const sizes = { passes: 1, warmMs: 1, measureMs: 1, probeMs: 1, perSecond: 1_000, scrapeEveryMs: 1_000 };
  const result: SeenResult = {
    scrape: {
      ...head,
      plan: { ...sizes, kept: 1, thrownAway: 0, moved: 0, seconds: 1 },
      passes: [pair],
      goals: judged(judgeSeen([passOf(3, 3.5)])),
    },
    idle: { ...head, plan: { settleS: 1, windowS: 1 }, processes: [], goals: {} },
  };
  expect(fillSections(DOCUMENT, renderSections(result))).toContain('| A8 | 1, 2, 3, 9 | 1, 2, 3.5, 9 |');
  expect(fillSections(DOCUMENT, renderSections({ idle: result.idle as never }))).toContain(
    'make bench-seen` writes',
  );
  expect(fillSections(DOCUMENT, renderSections(undefined))).toContain('`make idle` writes them');
});
