import { randomUUID } from 'node:crypto';
import { systemClock } from '@scholar/runtime/clock';
import { createMetrics } from '@scholar/runtime/metrics';
import { captureLogs, createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import pg from 'pg';
import { METRICS } from '../metrics.ts';
import { exchange, sendEvent } from '../testing/send.ts';
import { startHub } from '../testing/start-hub.ts';
import { deleteExpired, EXPIRING_TABLES, type Retention } from './expired-rows.ts';
import { createExpiry, type ExpiryOptions, expireRows } from './expiry.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const RETENTION: Retention = { simulatedDays: 7, rejectedDays: 30, verdictDays: 30 };

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
});

afterEach(async () => {
  await database.drop();
});

function expiry(options: Partial<ExpiryOptions> = {}) {
  const metrics = createMetrics(METRICS, { app: 'auto_com_center' });
  const clock = { ...systemClock, sleep: async () => undefined };
  const all = { pool: database.pool, retention: RETENTION, metrics, clock, ...options };
  return {
    look: () => expireRows(all, new AbortController().signal),
    deleted: async (table: string): Promise<number> => {
      const line = new RegExp(`^a8_expired_rows_total\\{[^}]*table="${table}"[^}]*\\} (\\d+)$`, 'mu');
      return Number(line.exec(await metrics.render())?.[1] ?? 0);
    },
  };
}

interface Row {
  simulated: boolean;
  days: number;
}

/** Stores events of that age, as A8 would have then. @returns their ids in order. */
async function store(rows: readonly Row[]): Promise<string[]> {
  const ids = rows.map(() => randomUUID());
  await database.pool.query(
    `INSERT INTO events (event_id, app_label, event_type, occurred_at, received_at, actor_id, source, payload, simulated,
                         content_hash, request_id, key_id)
     SELECT id, 'scholar_auth', 'NewUser', now(), now() - make_interval(secs => days * 86400), 'u', 's', '{}', simulated, ''::bytea, 'r', 'k'
     FROM unnest($1::uuid[], $2::float8[], $3::boolean[]) AS batch (id, days, simulated)`,
    [ids, rows.map(({ days }) => days), rows.map(({ simulated }) => simulated)],
  );
  return ids;
}

/** Stores a truth table of that age that rests on an event which was seen so many hours ago. */
async function prove(eventId: string, { days, seenHours, target = 'local' }: Proof): Promise<void> {
  await database.pool.query(
    `WITH verdict AS (
       INSERT INTO verdicts (received_at, at, target, environment, ok, document)
       VALUES (now() - make_interval(days => $2), now(), $4, 'staging', true, '{}') RETURNING id
     ) INSERT INTO verdict_evidence SELECT id, $1, 'scholar_auth', now() - make_interval(hours => $3) FROM verdict`,
    [eventId, days, seenHours, target],
  );
}

interface Proof {
  days: number;
  seenHours: number;
  target?: string;
}

async function left(): Promise<Set<string>> {
  const { rows } = await database.pool.query<{ event_id: string }>('SELECT event_id FROM events');
  return new Set(rows.map(({ event_id }) => event_id));
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]?.n ?? -1;
}

test('simulated rows go after their days, and no real row ever does', async () => {
  const rows: Row[] = Array.from({ length: 400 }, (_, index) => ({
    simulated: index % 3 !== 0,
    days: (index * 7919) % 40 === 0 ? 6.99 : ((index * 7919) % 200) / 10,
  }));
  const ids = await store(rows);
  expect(await expiry({ batchRows: 30 }).look()).toBe('done');
  const expected = ids.filter((_, index) => rows[index] && !(rows[index].simulated && rows[index].days >= 7));
  expect(await left()).toEqual(new Set(expected));
  expect(expected.length).toBeGreaterThan(100);
  expect(expected.length).toBeLessThan(300);
});

test('a row that is evidence of the last day, or of the newest table of a target, stays until it is neither', async () => {
  const old = { simulated: true, days: 20 };
  const [fresh = '', shown = '', passed = ''] = await store([old, old, old]);
  await prove(passed, { days: 20, seenHours: 480 });
  await prove(fresh, { days: 1, seenHours: 20 });
  await prove(shown, { days: 19, seenHours: 456, target: 'cluster' });
  await prove(randomUUID(), { days: 0, seenHours: 0 });
  const job = expiry();
  await job.look();
  expect(await left()).toEqual(new Set([fresh, shown]));
  await prove(randomUUID(), { days: 0, seenHours: 0, target: 'cluster' });
  await database.pool.query(`UPDATE verdict_evidence SET seen_at = seen_at - interval '1 day'`);
  await job.look();
  expect(await left()).toEqual(new Set());
});

test('refusals, truth tables with their evidence, and heartbeats go after theirs; the newest of each target stays', async () => {
  const { pool } = database;
  await pool.query(
    `INSERT INTO rejected_events (at, code, size_bytes, key_names, key_id, request_id)
     SELECT now() - make_interval(days => days), 'pii_detected', 1, '{}', 'k', 'r' FROM unnest(ARRAY[1, 29, 31, 400]) AS days`,
  );
  for (const [days, target] of [
    [90, 'gone'],
    [40, 'local'],
    [31, 'local'],
    [29, 'local'],
    [0, 'local'],
  ] as const) {
    await prove(randomUUID(), { days, seenHours: days * 24, target });
    await pool.query(
      `INSERT INTO heartbeats (received_at, at, target, period_s, version) VALUES (now() - make_interval(days => $1), now(), $2, 60, '1')`,
      [days, target],
    );
  }
  const job = expiry();
  expect(await job.look()).toBe('done');
  const ages = `SELECT round(extract(epoch FROM now() - received_at) / 86400)::int AS days FROM`;
  for (const table of ['verdicts', 'heartbeats']) {
    const { rows } = await pool.query<{ days: number }>(`${ages} ${table} ORDER BY id`);
    expect([table, ...rows.map(({ days }) => days)]).toEqual([table, 90, 29, 0]);
  }
  expect([await count('rejected_events'), await count('verdict_evidence')]).toEqual([2, 3]);
  expect([await job.deleted('rejected_events'), await job.deleted('verdicts')]).toEqual([2, 2]);
});

test('a look is bounded, and the next one goes on where it ended', async () => {
  await store(Array.from({ length: 95 }, () => ({ simulated: true, days: 8 })));
  const job = expiry({ batchRows: 20, batches: 3 });
  expect([await job.look(), await count('events')]).toEqual(['done', 35]);
  expect([await job.look(), await count('events')]).toEqual(['done', 0]);
  expect(await job.deleted('events')).toBe(95);
});

test('while one replica is at it the other does nothing, and a row that is being written to is passed by', async () => {
  const [busy = ''] = await store([
    { simulated: true, days: 9 },
    { simulated: true, days: 8 },
  ]);
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query('UPDATE events SET deliveries = deliveries + 1 WHERE event_id = $1', [busy]);
    expect(await deleteExpired(database.pool, { table: 'events', retention: RETENTION, limit: 10 })).toBe(1);
    await other.query('ROLLBACK');
    await other.query('BEGIN');
    // The lock of a batch that is under way, as the statement of the other replica takes it.
    await other.query(`SELECT pg_advisory_xact_lock(${0x61387878}, hashtext(current_schema()))`);
    const job = expiry();
    expect([await job.look(), await left()]).toEqual(['elsewhere', new Set([busy])]);
    await other.query('ROLLBACK');
    expect([await job.look(), await count('events')]).toEqual(['done', 0]);
  } finally {
    await other.end();
  }
});

test('two replicas that look at the same moment delete each row once', async () => {
  await store(Array.from({ length: 300 }, () => ({ simulated: true, days: 8 })));
  const replicas = [expiry({ batchRows: 7 }), expiry({ batchRows: 7 })];
  while ((await count('events')) > 0) await Promise.all(replicas.map((each) => each.look()));
  const deleted = await Promise.all(replicas.map((each) => each.deleted('events')));
  expect(deleted.reduce((sum, each) => sum + each, 0)).toBe(300);
});

test('a look that fails is told once, and is done later, by itself', async () => {
  const { log, lines } = captureLogs();
  const metrics = createMetrics(METRICS, { app: 'auto_com_center' });
  const looks = (result: string) =>
    new RegExp(`^a8_expiry_runs_total\\{[^}]*result="${result}"[^}]*\\} [1-9]`, 'mu');
  await database.pool.query('ALTER TABLE heartbeats RENAME TO heartbeats_away');
  const job = createExpiry({
    ...{ pool: database.pool, retention: RETENTION, metrics, clock: systemClock, log },
    ...{ isReady: () => true, intervalMs: 20, random: () => 0.5 },
  });
  job.start();
  try {
    await waitFor(async () => looks('failed').test(await metrics.render()), { timeoutMs: 30_000 });
    await database.pool.query('ALTER TABLE heartbeats_away RENAME TO heartbeats');
    await waitFor(async () => looks('done').test(await metrics.render()), { timeoutMs: 30_000 });
    expect(lines().filter(({ level }) => level === 'warn')).toHaveLength(1);
  } finally {
    await job.stop();
  }
});

test('old simulated rows are found by an index of their own, however many real ones there are', async () => {
  await store(Array.from({ length: 3_000 }, (_, index) => ({ simulated: index % 300 === 0, days: 8 })));
  await database.pool.query('ANALYZE events');
  const { rows } = await database.pool.query<Record<'QUERY PLAN', string>>(
    `EXPLAIN SELECT event_id FROM events WHERE simulated AND received_at < now() - make_interval(days => 7) ORDER BY received_at LIMIT 10`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('events_simulated');
});

test('A8 does it by itself, and its metrics tell how many rows went from which table', async () => {
  const [old = ''] = await store([{ simulated: true, days: 3 }]);
  const env = { SIMULATED_RETENTION_DAYS: '2', EXPIRY_INTERVAL_MS: '50' };
  const hub = await startHub({ databaseUrl: database.url, env });
  try {
    const { eventId } = await sendEvent(hub.url);
    await waitFor(async () => !(await left()).has(old), { timeoutMs: 30_000 });
    expect(await left()).toEqual(new Set([eventId]));
    const { body } = await exchange(`${hub.opsUrl}/metrics`, { method: 'GET' });
    expect(String(body['text'])).toMatch(/^a8_expired_rows_total\{[^}]*table="events"[^}]*\} 1$/mu);
  } finally {
    await hub.stop();
  }
});

test('every table that expires is one of A8', async () => {
  for (const table of EXPIRING_TABLES) expect(await count(table)).toBe(0);
});
