import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  eventHeaders,
  type ForwarderConservation,
  formatMinute,
  forwarderConservationSchema,
  forwarderIdsSchema,
  hubConservationSchema,
  hubIdsSchema,
  MOST_CONSERVATION_IDS,
  minuteNumber,
} from '@scholar/contract';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import { type ForwarderProcess, load, startForwarderProcess } from '../testing/forwarder-process.ts';
import { CONTROL_TOKEN, newUser } from '../testing/start-forwarder.ts';
import { OPERATIONS_KEY, type RealA8, realA8, TORTURE_KEY } from '../testing/torture/real-a8.ts';

let a8: RealA8;
let folder: string;
const running = new Set<ForwarderProcess>();

beforeAll(async () => {
  a8 = await realA8(await tempDir('a8'));
  // Rows of some minutes, without waiting for them.
  await a8.pool.query(
    `ALTER TABLE events ALTER received_at SET DEFAULT clock_timestamp() + floor(random() * 4) * interval '1 minute'`,
  );
}, 60_000);

beforeEach(async () => {
  folder = await tempDir('conservation');
});

afterEach(async () => {
  await Promise.all([...running].map(({ service }) => service.stop()));
  running.clear();
});

afterAll(() => a8.end());

async function start(name: string): Promise<ForwarderProcess> {
  const forwarder = await startForwarderProcess({
    ...{ A8_URL: a8.url, A8_KEY_FILE: a8.keyFile, CONTROL_TOKEN, FORWARDER_ID: `scholar_auth@${name}` },
    OUTBOX_DIR: join(folder, name),
  });
  running.add(forwarder);
  return forwarder;
}

async function ask(path: string, query: Record<string, string>): Promise<unknown> {
  const url = `${a8.url}/operations/conservation${path}?${new URLSearchParams(query)}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${OPERATIONS_KEY}` } });
  expect(response.status).toBe(200);
  return response.json();
}

const told = async (by: ForwarderProcess): Promise<ForwarderConservation> =>
  forwarderConservationSchema.parse(JSON.parse(await by.ops('/conservation')));

/** Both sides, of every minute that the forwarder knows completely. */
async function bothSides(by: ForwarderProcess) {
  const acknowledged = await told(by);
  const to = formatMinute(minuteNumber(Date.now()) + 10);
  const query = { forwarder: acknowledged.forwarder_id, from: acknowledged.since, to };
  const { minutes } = hubConservationSchema.parse(await ask('', query));
  return { acknowledged: acknowledged.minutes, held: minutes, forwarder: acknowledged.forwarder_id };
}

/** The minutes that differ, each with the ids that are acknowledged and not there. */
async function missing(by: ForwarderProcess): Promise<Record<string, string[]>> {
  const { acknowledged, held, forwarder } = await bothSides(by);
  const rows = new Map(held.map((each) => [each.minute, JSON.stringify(each)]));
  const found: Record<string, string[]> = {};
  for (const each of acknowledged) {
    if (rows.get(each.minute) === JSON.stringify(each)) continue;
    const { minute } = each;
    const limit = String(MOST_CONSERVATION_IDS);
    const { event_ids } = hubIdsSchema.parse(await ask('/ids', { forwarder, minute, limit }));
    const answer = await by.control('GET', `/conservation/ids?${new URLSearchParams({ minute, limit })}`);
    const named = forwarderIdsSchema.parse(answer.body);
    expect(named.not_retained).toBe(0);
    found[minute] = named.event_ids.filter((id) => !event_ids.includes(id));
  }
  return found;
}

const drained = (by: ForwarderProcess) =>
  waitFor(async () => JSON.parse(await by.ops('/status')).queue.depth === 0, { timeoutMs: 60_000 });

async function send(by: ForwarderProcess, count: number): Promise<string[]> {
  const sent = await Promise.all(Array.from({ length: count }, () => by.post()));
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([202]));
  await drained(by);
  return sent.map(({ id }) => id);
}

/** As somebody with a key and no forwarder. */
const direct = (eventId: string, body = newUser()) =>
  fetch(`${a8.url}/events`, {
    method: 'POST',
    headers: eventHeaders({ label: 'scholar_auth', eventId, key: TORTURE_KEY }),
    body,
  });

async function replay(by: ForwarderProcess, ids: readonly string[]): Promise<void> {
  for (const id of ids) expect((await by.control('POST', `/events/${id}/replay`)).status).toBe(202);
  await drained(by);
}

test('after a kill, duplicates, a direct sender and a second forwarder both sides agree on every minute', async () => {
  let one = await start('one');
  const two = await start('two');
  const sent = load((options) => one.post({ ...options, body: newUser() }), 4);
  const other = await send(two, 20);
  await waitFor(() => sent.acknowledged.size > 100, { timeoutMs: 60_000 });
  one.service.kill('SIGKILL');
  await one.service.exited;
  running.delete(one);
  one = await start('one');
  await waitFor(() => sent.acknowledged.size > 150, { timeoutMs: 60_000 });
  await sent.stop();
  // Again what a forwarder brought; what nobody else brings; what a forwarder brings later.
  const [again = '', alone, later] = [other[0], randomUUID(), randomUUID()];
  for (const id of [again, alone, later]) expect((await direct(id)).ok).toBe(true);
  expect((await one.post({ id: later })).status).toBe(202);
  expect((await one.post({ id: other[1] ?? '' })).status).toBe(202);
  await Promise.all([drained(one), drained(two)]);
  const sides = [await bothSides(one), await bothSides(two)];
  for (const { acknowledged, held } of sides) expect(held).toEqual(acknowledged);
  const [ofOne, ofTwo] = sides.map(({ held }) => held.reduce((sum, { count }) => sum + count, 0));
  expect(ofTwo).toBe(other.length);
  // What was accepted in the moment of the kill, and not acknowledged, counts as well: its row is there.
  expect(ofOne).toBeGreaterThanOrEqual(sent.acknowledged.size);
  const owners = await a8.pool.query<{ forwarder_id: string | null }>(
    'SELECT forwarder_id FROM events WHERE event_id = ANY ($1) ORDER BY array_position($1, event_id)',
    [[again, alone, later]],
  );
  expect(owners.rows.map(({ forwarder_id }) => forwarder_id)).toEqual([sides[1]?.forwarder, null, null]);
}, 180_000);

test('rows that are deleted behind A8’s back are missed in their minute, named, and brought back by a replay', async () => {
  const forwarder = await start('one');
  const before = await send(forwarder, 40);
  expect(await missing(forwarder)).toEqual({});
  const { rows } = await a8.pool.query<{ event_id: string; at: Date }>(
    `DELETE FROM events WHERE event_id IN (
       SELECT event_id FROM events
       WHERE event_id = ANY ($1) AND date_trunc('minute', received_at) = (
         SELECT date_trunc('minute', received_at) FROM events WHERE event_id = ANY ($1)
         GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)
       ORDER BY event_id LIMIT 3)
     RETURNING event_id, date_trunc('minute', received_at) AS at`,
    [before],
  );
  const gone = rows.map(({ event_id }) => event_id).sort();
  const minute = rows[0]?.at.toISOString() ?? '';
  expect(gone).toHaveLength(3);
  expect(await missing(forwarder)).toEqual({ [minute]: gone });
  await replay(forwarder, gone);
  expect(await missing(forwarder)).toEqual({});
  expect((await a8.rows(before)).size).toBe(40);
  // It may be told twice: what is there already stays in its minute.
  await replay(forwarder, gone);
  const { acknowledged, held } = await bothSides(forwarder);
  expect(held).toEqual(acknowledged);
}, 120_000);

test('an older database that is restored lacks every event since, and is healed', async () => {
  const forwarder = await start('one');
  await send(forwarder, 20);
  await a8.pool.query('CREATE TABLE backup AS SELECT * FROM events');
  const since = (await send(forwarder, 30)).sort();
  await a8.pool.query(
    'BEGIN; TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM backup; COMMIT',
  );
  expect(
    Object.values(await missing(forwarder))
      .flat()
      .sort(),
  ).toEqual(since);
  await replay(forwarder, since);
  expect((await a8.rows(since)).size).toBe(since.length);
  expect(await missing(forwarder)).toEqual({});
}, 120_000);
