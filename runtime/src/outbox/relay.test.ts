import { randomUUID } from 'node:crypto';
import { problemDocument } from '@scholar/contract';
import { createPool, inTransaction } from '../db/index.ts';
import { type Emission, EmitRefused, type Emitter, EmitUnavailable } from '../emit/index.ts';
import { createMetrics } from '../metrics/index.ts';
import {
  allServers,
  createRecordingEmitter,
  createTestDatabase,
  startFaultProxy,
  type TestDatabase,
  type TestServer,
  waitFor,
} from '../testing/index.ts';
import {
  createRelay,
  OUTBOX_METRICS,
  OUTBOX_MIGRATIONS,
  type Relay,
  type RelayOptions,
  recordEvent,
  stats,
  unpark,
} from './index.ts';

const log = { info: () => {}, warn: () => {} };

function emission(over: Partial<Emission> = {}): Emission {
  return { eventId: randomUUID(), label: 'scholar_auth', event: { event_type: 'NewUser', n: 1.5 }, ...over };
}

describe.each(allServers())('the transactional outbox on $name', (server: TestServer) => {
  let database: TestDatabase;
  let relays: Relay[] = [];

  beforeEach(async () => {
    database = await createTestDatabase({ migrations: OUTBOX_MIGRATIONS, server });
  });

  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    relays = [];
    await database.drop();
  });

  function relay(emitter: Emitter, options: Partial<RelayOptions> = {}): Relay {
    const made = createRelay({
      pool: database.pool,
      emitter,
      log,
      metrics: createMetrics(OUTBOX_METRICS),
      intervalMs: 20,
      ...options,
    });
    relays.push(made);
    made.start();
    return made;
  }

  const record = (...emissions: Emission[]) =>
    inTransaction(database.pool, async (tx) => {
      for (const each of emissions) await recordEvent(tx, each);
    });
  const empty = () => waitFor(async () => (await stats(database.pool)).waiting === 0);

  test('what was committed is handed over unchanged, then removed', async () => {
    const emitter = createRecordingEmitter();
    const one = emission({ canary: 'token', traceparent: '00-a-b-01' });
    await record(one);
    relay(emitter);
    await empty();
    expect(emitter.sent).toEqual([one]);
  });

  test('what was rolled back never leaves', async () => {
    const emitter = createRecordingEmitter();
    const failed = inTransaction(database.pool, async (tx) => {
      await recordEvent(tx, emission());
      throw new Error('the business row failed');
    });
    await expect(failed).rejects.toThrow('the business row failed');
    const marker = emission();
    await record(marker);
    relay(emitter);
    await empty();
    expect(emitter.sent.map((each) => each.eventId)).toEqual([marker.eventId]);
  });

  test('the same id recorded twice is one event', async () => {
    const one = emission();
    await record(one, one);
    await record(one);
    expect(await stats(database.pool)).toMatchObject({ waiting: 1 });
  });

  test('a nudge hands over at once, long before the interval', async () => {
    const emitter = createRecordingEmitter();
    const idle = relay(emitter, { intervalMs: 3_600_000 });
    await record(emission());
    await waitFor(() => {
      idle.nudge();
      return emitter.sent.length === 1;
    });
  });

  test('a refused event is parked with its problem, its neighbours go out, and a person can give it another chance', async () => {
    const emitter = createRecordingEmitter();
    const [good, bad] = [emission(), emission()];
    const problem = problemDocument('contract_violation', { eventId: bad.eventId, pointer: '/payload' });
    emitter.answer((each) => (each.eventId === bad.eventId ? new EmitRefused(problem) : undefined));
    await record(bad, good);
    const running = relay(emitter);
    await waitFor(() => running.state().parked === 1);
    expect(emitter.sent.map((each) => each.eventId)).toEqual([good.eventId]);
    const { rows } = await database.pool.query('SELECT problem FROM outbox');
    expect(rows).toEqual([{ problem }]);
    emitter.answer(() => undefined);
    expect(await unpark(database.pool)).toBe(1);
    await waitFor(async () => (await stats(database.pool)).parked === 0);
    await empty();
    expect(emitter.sent.map((each) => each.eventId)).toContain(bad.eventId);
  });

  test('a canary that was repeated under one token is not a fault', async () => {
    const emitter = createRecordingEmitter();
    const repeated = emission({ canary: 'token' });
    emitter.answer(
      (each) => new EmitRefused(problemDocument('event_id_conflict', { eventId: each.eventId })),
    );
    await record(repeated);
    relay(emitter);
    await empty();
    expect(await stats(database.pool)).toMatchObject({ parked: 0 });
  });

  test('while the receiver is down everything is kept, and goes out when it is back', async () => {
    const emitter = createRecordingEmitter();
    let attempts = 0;
    emitter.answer(() => {
      attempts += 1;
      return new EmitUnavailable('down');
    });
    const all = Array.from({ length: 50 }, () => emission());
    await record(...all);
    const running = relay(emitter, { random: () => 0 });
    await waitFor(() => attempts >= 52 && running.state().failing === 'down');
    expect(await stats(database.pool)).toMatchObject({ waiting: 50, parked: 0 });
    emitter.answer(() => undefined);
    await empty();
    expect(new Set(emitter.sent.map((each) => each.eventId))).toEqual(
      new Set(all.map((each) => each.eventId)),
    );
    expect(running.state().failing).toBeUndefined();
  });

  test('two relays over one outbox never send the same event', async () => {
    const emitter = createRecordingEmitter();
    await record(...Array.from({ length: 300 }, () => emission()));
    const slow: Emitter = {
      async emit(each) {
        await new Promise((later) => setImmediate(later));
        await emitter.emit(each);
      },
    };
    relay(slow, { batchSize: 20 });
    relay(slow, { batchSize: 20 });
    await empty();
    expect(emitter.sent).toHaveLength(300);
    expect(new Set(emitter.sent.map((each) => each.eventId)).size).toBe(300);
  });

  test('a stop in the middle of a hanging attempt ends in time, and leaves the row free', async () => {
    let entered = false;
    const hanging: Emitter = {
      emit: () => {
        entered = true;
        return new Promise(() => {});
      },
    };
    const kept = emission();
    await record(kept);
    const running = relay(hanging, { stopTimeoutMs: 50 });
    await waitFor(() => entered);
    await running.stop();
    const free = await database.pool.query('SELECT attempts FROM outbox FOR UPDATE NOWAIT');
    expect(free.rows).toEqual([{ attempts: 0 }]);
  });

  test('a relay whose connections are cut goes on by itself', async () => {
    const emitter = createRecordingEmitter();
    relay(emitter);
    await record(emission());
    await empty();
    await database.pool
      .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
      .catch(() => {});
    await waitFor(() => record(emission()).then(() => true));
    await waitFor(() => emitter.sent.length >= 2);
  });

  test('a relay whose connection went mute gives it up long before a request would, and goes on by itself', async () => {
    const emitter = createRecordingEmitter();
    const proxy = await startFaultProxy(database.url);
    const pool = createPool({ url: proxy.url, applicationName: 'mute', connectionTimeoutMs: 500 });
    const running = relay(emitter, { pool, databaseTimeoutMs: 500, random: () => 0 });
    await record(emission());
    await empty();
    proxy.break('nonsense');
    await waitFor(() => running.state().failing?.includes('the database is not available'));
    proxy.heal();
    await record(emission());
    // Less than the bound of a statement of the pool, which is 35 s.
    await waitFor(() => emitter.sent.length === 2, { timeoutMs: 25_000 });
    await running.stop();
    await pool.end();
    await proxy.close();
  });
});

test('the metrics tell what waits, what was parked and how old it is', async () => {
  const database = await createTestDatabase({ migrations: OUTBOX_MIGRATIONS });
  const metrics = createMetrics(OUTBOX_METRICS);
  createRelay({ pool: database.pool, emitter: createRecordingEmitter(), log, metrics });
  await inTransaction(database.pool, (tx) => recordEvent(tx, emission()));
  await database.pool.query("UPDATE outbox SET created_at = now() - interval '1 hour'");
  const text = await metrics.render();
  expect(text).toContain('outbox_relay_waiting 1');
  expect(text).toContain('outbox_relay_parked 0');
  expect(Number(/^outbox_relay_oldest_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(3600);
  await database.drop();
});
