import { randomUUID } from 'node:crypto';
import {
  digestOf,
  formatMinute,
  formatSum,
  hubConservationSchema,
  hubForwardersSchema,
  hubIdsSchema,
  MOST_CONSERVATION_MINUTES,
  minuteNumber,
} from '@scholar/contract';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { exchange, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const OURS = 'scholarship_api@pod-0:0123456789ab';
const START = '2026-11-29T23:59:00.000Z';

let database: TestDatabase;
let hub: RunningHub;

beforeEach(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  hub = await startHub({ databaseUrl: database.url });
});

afterEach(async () => {
  await hub.stop();
  await database.drop();
});

const ask = (path: string, key: string = KEYS.operations) =>
  exchange(`${hub.url}/operations/conservation${path}`, {
    method: 'GET',
    headers: { authorization: `Bearer ${key}` },
  });

/** One digest for each minute, as the contract counts these ids. */
const told = (sets: Record<string, readonly string[]>) =>
  Object.entries(sets).map(([minute, ids]) => {
    const { count, sum } = digestOf(ids);
    return { minute, count, sum: formatSum(sum) };
  });

async function digests(query: { forwarder?: string; from?: string; to?: string } = {}) {
  const { forwarder = OURS, from = START, to = '2026-11-30T00:02:00Z' } = query;
  const answer = await ask(`?${new URLSearchParams({ forwarder, from, to })}`);
  expect(answer.status).toBe(200);
  return hubConservationSchema.parse(answer.body).minutes;
}

/** Rows as A8 would have stored them at that time. @returns their ids, ascending */
async function store(count: number, at: string, forwarder: string | null = OURS): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID()).sort();
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id, forwarder_id)
     SELECT id, 'scholarship_api', 'PageView', $2, $2, 'u', 's', '{}', false, ''::bytea, 'r', 'k', $3
     FROM unnest($1::uuid[]) AS batch (id)`,
    [ids, at, forwarder],
  );
  return ids;
}

test('the digest of each minute is that of its rows, by the contract’s own measure', async () => {
  const first = await store(40, '2026-11-29T23:59:59.999Z');
  const second = await store(1, '2026-11-30T00:00:00.000Z');
  await store(3, '2026-11-30T00:02:00.000Z');
  const expected = told({ [START]: first, '2026-11-30T00:00:00.000Z': second });
  expect(await digests()).toEqual(expected);
  expect(await digests({ from: '2026-11-30T01:59:00+02:00' })).toEqual(expected);
});

test('neither another forwarder nor a direct sender disturbs it, and each is told by name', async () => {
  const ours = await store(5, START);
  await store(7, START, 'scholarship_api@pod-1:ba9876543210');
  await store(2, START, null);
  expect(await digests()).toEqual(told({ [START]: ours }));
  const answer = await ask(`/forwarders?from=${START}&to=2026-11-30T23:59:00Z`);
  expect(hubForwardersSchema.parse(answer.body).forwarders).toEqual([
    { forwarder_id: 'scholarship_api@pod-1:ba9876543210', app_label: 'scholarship_api', rows: 7 },
    { forwarder_id: OURS, app_label: 'scholarship_api', rows: 5 },
  ]);
});

test('the ids of a minute come in order, page by page, and no others', async () => {
  const ids = await store(25, '2026-11-29T23:59:30.000Z');
  await store(3, '2026-11-30T00:00:00.000Z');
  const found: string[] = [];
  let after: string | null = null;
  do {
    const query: Record<string, string> = { forwarder: OURS, minute: START, limit: '10' };
    const answer = await ask(`/ids?${new URLSearchParams(after === null ? query : { ...query, after })}`);
    const page = hubIdsSchema.parse(answer.body);
    found.push(...page.event_ids);
    after = page.next;
  } while (after !== null);
  expect(found).toEqual(ids);
});

test('a row that is deleted behind A8’s back leaves its minute, and no other, another one', async () => {
  const kept = await store(10, '2026-11-30T00:00:30.000Z');
  const [gone = '', ...left] = await store(10, START);
  await database.pool.query('DELETE FROM events WHERE event_id = $1', [gone]);
  expect(await digests()).toEqual(told({ [START]: left, '2026-11-30T00:00:00.000Z': kept }));
});

test('a receipt tells a forwarder whose row it is, and other senders what it always told', async () => {
  const headers = { 'x-forwarder-id': OURS };
  const { eventId, answer: first } = await sendEvent(hub.url, { headers });
  const again = await sendEvent(hub.url, { eventId, headers });
  const other = await sendEvent(hub.url, { eventId, headers: { 'x-forwarder-id': 'other@pod:1' } });
  const direct = await sendEvent(hub.url, { eventId });
  const owned = [first, again.answer, other.answer, direct.answer].map(({ body }) => body['own_row']);
  expect(owned).toEqual([true, true, false, undefined]);
  const curled = await sendEvent(hub.url);
  const late = await sendEvent(hub.url, { eventId: curled.eventId, headers });
  expect(late.answer.body).toMatchObject({ duplicate: true, own_row: false });
  const minute = minuteNumber(String(first.body['received_at']));
  const range = { from: formatMinute(minute), to: formatMinute(minute + 10) };
  expect(await digests(range)).toEqual(told({ [formatMinute(minute)]: [eventId] }));
});

test('of two forwarders whose same event meets in one batch, the row is that of one', async () => {
  for (let round = 0; round < 20; round += 1) {
    const eventId = randomUUID();
    const senders = ['a@pod:1', 'b@pod:2', 'a@pod:1', 'b@pod:2'];
    const answers = await Promise.all(
      senders.map((id) => sendEvent(hub.url, { eventId, headers: { 'x-forwarder-id': id } })),
    );
    const { rows } = await database.pool.query<{ forwarder_id: string }>(
      'SELECT forwarder_id FROM events WHERE event_id = $1',
      [eventId],
    );
    const owner = rows[0]?.forwarder_id;
    expect(answers.map(({ answer }) => answer.body['own_row'])).toEqual(senders.map((id) => id === owner));
  }
});

test('only an operations key asks, and only for a window that is bounded', async () => {
  const window = `from=${START}&to=2026-11-30T00:01:00Z`;
  for (const path of [
    `?forwarder=x&${window}`,
    `/ids?forwarder=x&minute=${START}`,
    `/forwarders?${window}`,
  ]) {
    expect((await ask(path, KEYS.read)).status).toBe(403);
    expect((await ask(path, 'nobody')).status).toBe(401);
    expect((await ask(path)).status).toBe(200);
  }
  const to = formatMinute(minuteNumber(START) + MOST_CONSERVATION_MINUTES + 1);
  for (const query of [
    `?forwarder=x&from=${START}&to=${to}`,
    `?forwarder=x&from=${START}&to=${START}`,
    `?forwarder=x&from=2026-11-29T23:59:01Z&to=${to}`,
    `?from=${START}&to=2026-11-30T00:01:00Z`,
    `/forwarders?from=${START}&to=${to}`,
    `/ids?forwarder=x&minute=${START}&after=x`,
    `/ids?forwarder=x&minute=${START}&limit=10001`,
  ])
    expect([query, (await ask(query)).status]).toEqual([query, 422]);
});

test('a minute among very many rows is found by block ranges, not by reading the table', async () => {
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id, forwarder_id)
     SELECT gen_random_uuid(), 'scholarship_api', 'PageView', now(), timestamptz '2026-11-01' + n * interval '10 s', 'u', 's',
            jsonb_build_object('details', repeat('x', 200)), false, ''::bytea, 'r', 'k', $1
     FROM generate_series(1, 30000) AS n`,
    [OURS],
  );
  await database.pool.query('VACUUM ANALYZE events');
  const { rows } = await database.pool.query<Record<'QUERY PLAN', string>>(
    `EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) SELECT count(*) FROM events
     WHERE received_at >= '2026-11-02T00:00:00Z' AND received_at < '2026-11-02T01:00:00Z' AND forwarder_id = $1`,
    [OURS],
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('events_received_at');
  expect(Number(/Heap Blocks: lossy=(\d+)/.exec(plan)?.[1])).toBeLessThan(200);
});
