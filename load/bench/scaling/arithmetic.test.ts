import { ASSUMPTIONS, fullPageBytes, limitsOfOne, type PerEvent, sizeFor } from './arithmetic.ts';

const PER: PerEvent = {
  hubCpuUs: 100,
  hubLoopUs: 75,
  postgresCpuUs: 25,
  walBytes: 1_000,
  tableBytes: 800,
  primaryKeyBytes: 40,
  requestBytes: 900,
  answerBytes: 400,
  toDatabaseBytes: 800,
};

test('a thousand events a second, step by step', () => {
  const sizing = sizeFor(1_000, PER);
  // 1,000/s x 100 us = 0.1 core; at most 0.6 of a core is planned.
  expect(sizing.hubCores).toBeCloseTo(0.1 / 0.6);
  expect(sizing.hubReplicas).toBe(1);
  expect(sizing.postgresCores).toBeCloseTo(0.025 / 0.6);
  expect(sizing.tableBytesPerDay).toBeCloseTo(1_000 * 86_400 * 800);
  expect(sizing.keptBytes).toBeCloseTo(sizing.tableBytesPerDay * 30 * 2);
  expect(sizing.intoHubBits).toBe(1_000 * 1_300 * 8);
  expect(sizing.forwarders).toBe(1);
  expect(sizing.shards.byCpu).toBe(1);
});

test('a thousand times the rate takes a thousand times the cores, disk and network', () => {
  const [small, large] = [sizeFor(1_000, PER), sizeFor(1_000_000, PER)];
  for (const key of [
    'hubCores',
    'postgresCores',
    'tableBytesPerDay',
    'intoHubBits',
    'walBytesPerSecond',
  ] as const) {
    expect(large[key] / small[key]).toBeCloseTo(1_000);
  }
  expect(large.shards.byIndexMemory).toBe(Math.ceil((1e6 * 86_400 * 30 * 40) / 128e9));
});

test('when every event touches another page, each event writes a page; when all pages are touched, they are shared', () => {
  const image = (8_192 * 28) / 40;
  const rows = 1e9;
  expect(fullPageBytes({ rows, primaryKeyBytes: 40, eventsPerCheckpoint: 100 })).toBeCloseTo(image, -1);
  const pages = (rows * 40) / 8_192;
  const many = fullPageBytes({ rows, primaryKeyBytes: 40, eventsPerCheckpoint: pages * 20 });
  expect(many).toBeCloseTo(image / 20, 1);
  expect(fullPageBytes({ rows: 0, primaryKeyBytes: 40, eventsPerCheckpoint: 100 })).toBe(0);
});

test('the whole pages of a random draw are what the formula says', () => {
  const [rows, primaryKeyBytes, events] = [200_000, 40, 1_500];
  const pages = Math.round((rows * primaryKeyBytes) / 8_192);
  let state = 1;
  const touched = new Set<number>();
  for (let event = 0; event < events; event += 1) {
    state = (state * 48_271) % 2_147_483_647;
    touched.add(state % pages);
  }
  const drawn = (touched.size * ((8_192 * 28) / 40)) / events;
  const said = fullPageBytes({ rows, primaryKeyBytes, eventsPerCheckpoint: events });
  expect(Math.abs(said / drawn - 1)).toBeLessThan(0.05);
});

test('the limits of one PostgreSQL are the rates at which the sizing asks for a second', () => {
  const limits = limitsOfOne(PER);
  expect(sizeFor(limits.byCpu * 0.999, PER).shards.byCpu).toBe(1);
  expect(sizeFor(limits.byCpu * 1.001, PER).shards.byCpu).toBe(2);
  expect(sizeFor(limits.hubReplica * 0.999, PER).hubReplicas).toBe(1);
  const seconds = 86_400 * ASSUMPTIONS.retentionDays;
  expect(sizeFor((limits.rowsInMemory * 0.999) / seconds, PER).shards.byIndexMemory).toBe(1);
  expect(sizeFor((limits.rowsInMemory * 1.001) / seconds, PER).shards.byIndexMemory).toBe(2);
});
