import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createPool, inTransaction, migrate } from '../db/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { removePostgres, startPostgres } from '../postgres/index.ts';
import {
  createHttpStub,
  createRecordingEmitter,
  createTestDatabase,
  freePort,
  spawnService,
  tempDir,
  waitFor,
} from '../testing/index.ts';
import { createRelay, OUTBOX_METRICS, OUTBOX_MIGRATIONS, recordEvent, stats } from './index.ts';

const log = { info: () => {}, warn: () => {} };

test('a process killed with -9 between commit and hand-over loses nothing, and invents nothing', async () => {
  const database = await createTestDatabase({ migrations: OUTBOX_MIGRATIONS });
  await database.pool.query('CREATE TABLE orders (event_id uuid PRIMARY KEY)');
  const received = new Map<string, string>();
  const forwarder = await createHttpStub(({ headers, body }) => {
    const event_id = String(headers['x-event-id']);
    // A repeated id must carry the same bytes, else A8 would call it a conflict.
    expect(received.get(event_id) ?? body).toBe(body);
    received.set(event_id, body);
    return { status: 202, body: { accepted: true, persisted: false, queued: true, event_id } };
  });
  const program = join(import.meta.dirname, 'testing', 'write-orders.ts');
  for (const enough of [20, 60, 120]) {
    const child = spawnService({ entry: program, args: [database.url, forwarder.url] });
    await waitFor(() => received.size >= enough, { intervalMs: 1 });
    child.kill('SIGKILL');
    await child.exited;
  }
  // The server notices the dead client when its transaction has ended.
  await waitFor(async () => {
    const { rows } = await database.pool.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'orders'",
    );
    return rows.length === 0;
  });
  const left = await stats(database.pool);
  const emitter = createRecordingEmitter();
  const relay = createRelay({ pool: database.pool, emitter, log, metrics: createMetrics(OUTBOX_METRICS) });
  relay.start();
  await waitFor(async () => (await stats(database.pool)).waiting === 0);
  await relay.stop();
  expect(emitter.sent).toHaveLength(left.waiting);
  for (const { eventId } of emitter.sent) received.set(eventId, '');
  const { rows } = await database.pool.query<{ event_id: string }>('SELECT event_id FROM orders');
  expect(new Set(received.keys())).toEqual(new Set(rows.map((row) => row.event_id)));
  await forwarder.close();
  await database.drop();
});

test('a database that is stopped and started again is found again, and everything committed goes out', async () => {
  const options = { dataDir: join(await tempDir(), 'postgres'), port: await freePort(), password: 'p', log };
  const first = await startPostgres(options);
  await migrate({ url: first.url, ...OUTBOX_MIGRATIONS });
  const pool = createPool({ url: first.url, applicationName: 'test' });
  const emitter = createRecordingEmitter();
  const relay = createRelay({ pool, emitter, log, metrics: createMetrics(OUTBOX_METRICS), random: () => 0 });
  relay.start();
  const record = (eventId: string) =>
    inTransaction(pool, (tx) => recordEvent(tx, { eventId, label: 'scholar_auth', event: {} }));
  const ids = [randomUUID(), randomUUID()];
  await record(ids[0] ?? '');
  await waitFor(() => emitter.sent.length === 1);
  // Stopped before the row is deleted, the same event would rightly go out once more.
  await waitFor(async () => (await stats(pool)).waiting === 0);
  await first.stop();
  await expect(record(randomUUID())).rejects.toThrow();
  await waitFor(() => relay.state().failing?.includes('the database is not available'));
  const second = await startPostgres(options);
  await record(ids[1] ?? '');
  await waitFor(() => emitter.sent.length === 2);
  expect(emitter.sent.map((each) => each.eventId)).toEqual(ids);
  await relay.stop();
  await pool.end();
  await second.stop();
  await removePostgres(options.dataDir);
});
