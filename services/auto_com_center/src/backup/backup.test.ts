import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createTestDatabase,
  otherServers,
  type TestDatabase,
  type TestServer,
  tempDir,
  waitFor,
} from '@scholar/runtime/testing';
import { anEvent, read, report, sendEvent } from '../testing/send.ts';
import { startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const SCRIPTS = join(import.meta.dirname, '..', '..', '..', '..', 'k8s', 'backup');
/** The embedded PostgreSQL has no tools beside it; these are servers that were installed with theirs. */
const SERVERS = otherServers().filter(({ binariesDir = '' }) => existsSync(join(binariesDir, 'pg_restore')));
const NONE: TestServer = { name: 'a PostgreSQL with its own tools, which is not installed here' };

interface Ran {
  code: number;
  said: string;
}

function run(script: string, args: string[], env: Record<string, string>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(join(SCRIPTS, script), args, { env, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: stdout + stderr });
    });
  });
}

const rowsOf = async ({ pool }: TestDatabase) =>
  (await pool.query(`SELECT to_jsonb(e) - 'xid' AS row FROM events AS e ORDER BY seq`)).rows.map(
    ({ row }) => row,
  );

const tablesOf = async ({ pool }: TestDatabase) =>
  (
    await pool.query(
      `SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = current_schema()::regnamespace`,
    )
  ).rows[0].n;

(SERVERS.length === 0 ? describe.skip : describe).each(SERVERS.length === 0 ? [NONE] : SERVERS)(
  'a backup of $name',
  (server) => {
    const open: TestDatabase[] = [];
    const env = (database: TestDatabase) => ({
      PATH: `${server.binariesDir}:${process.env['PATH']}`,
      DATABASE_URL: database.url,
    });
    const fresh = async (migrations?: URL): Promise<TestDatabase> => {
      const database = await createTestDatabase({ server, ...(migrations ? { migrations } : {}) });
      open.push(database);
      return database;
    };
    afterEach(async () => {
      for (const database of open.splice(0)) await database.drop();
    });

    test('taken while A8 runs, restored where everything is gone: every row is exact, A8 goes on over it, and what came later can be sent again', async () => {
      const database = await fresh(MIGRATIONS);
      const file = join(await tempDir('backup'), 'a8.dump');
      const later: { eventId: string; event: Record<string, unknown> }[] = [];
      let first = '';
      let before: Awaited<ReturnType<typeof rowsOf>> = [];
      const hub = await startHub({ databaseUrl: database.url });
      try {
        const sent = await Promise.all(
          Array.from({ length: 60 }, (_, n) =>
            sendEvent(hub.url, { event: anEvent({ actor_id: `user_${n}` }) }),
          ),
        );
        first = sent[0]?.eventId ?? '';
        await sendEvent(hub.url, { eventId: first, event: anEvent({ actor_id: 'user_0' }) });
        await report(hub.url, '/operations/erasures', { actor_id: 'user_7' });
        await waitFor(
          async () =>
            (await database.pool.query('SELECT 1 FROM events WHERE erased_at IS NOT NULL')).rowCount === 1,
        );
        // As after years: ids of transactions that a new cluster is far from.
        await database.pool.query(`UPDATE events SET xid = (xid::text::bigint + 1000000000)::text::xid8`);
        expect(await run('backup.sh', [file], env(database))).toMatchObject({ code: 0 });
        before = await rowsOf(database);
        const event = anEvent({ actor_id: 'later' });
        for (let n = 0; n < 5; n += 1)
          later.push({ eventId: (await sendEvent(hub.url, { event })).eventId, event });
      } finally {
        await hub.stop();
      }
      const restored = await fresh();
      expect(await run('restore.sh', [file], env(restored))).toMatchObject({
        code: 0,
        said: expect.stringContaining('60 events'),
      });
      expect(await rowsOf(restored)).toEqual(before);
      const again = await startHub({ databaseUrl: restored.url });
      try {
        await waitFor(
          async () =>
            ((await read(again.url, '/events?limit=500')).body['events'] as unknown[]).length === 60,
        );
        const duplicate = await sendEvent(again.url, {
          eventId: first,
          event: anEvent({ actor_id: 'user_0' }),
        });
        const told = before.find(({ event_id }) => event_id === first)?.received_at;
        expect(duplicate.answer).toMatchObject({ status: 200, body: { duplicate: true } });
        expect(Date.parse(String(duplicate.answer.body['received_at']))).toBe(Date.parse(told));
        for (const one of later) expect((await sendEvent(again.url, one)).answer.status).toBe(201);
        const late = await sendEvent(again.url, { event: anEvent({ actor_id: 'user_7' }) });
        const row = await restored.pool.query('SELECT actor_id FROM events WHERE event_id = $1', [
          late.eventId,
        ]);
        expect(row.rows).toEqual([{ actor_id: '[erased]' }]);
        await waitFor(
          async () =>
            ((await read(again.url, '/events?limit=500')).body['events'] as unknown[]).length === 66,
        );
        // The order that was under way at the backup comes to its end here.
        await waitFor(
          async () =>
            (await restored.pool.query('SELECT 1 FROM erasures WHERE finished_at IS NULL')).rowCount === 0,
          {
            timeoutMs: 60_000,
          },
        );
      } finally {
        await again.stop();
      }
    }, 180_000);

    test('nothing is overwritten: neither a file nor a table; a damaged file is refused before anything is changed', async () => {
      const database = await fresh(MIGRATIONS);
      const folder = await tempDir('backup');
      const file = join(folder, 'a8.dump');
      expect((await run('backup.sh', [file], env(database))).code).toBe(0);
      expect((await readdir(folder)).sort()).toEqual(['a8.dump', 'a8.dump.sha256']);
      const bytes = await readFile(file);
      expect(await run('backup.sh', [file], env(database))).toMatchObject({
        code: 1,
        said: expect.stringContaining('never overwritten'),
      });
      expect(await run('restore.sh', [file], env(database))).toMatchObject({
        code: 1,
        said: expect.stringContaining('drop the tables first'),
      });
      const empty = await fresh();
      await appendFile(file, 'x');
      expect(await run('restore.sh', [file], env(empty))).toMatchObject({
        code: 1,
        said: expect.stringContaining('checksum'),
      });
      expect(await tablesOf(empty)).toBe(0);
      expect((await readFile(file)).subarray(0, bytes.length).equals(bytes)).toBe(true);
    }, 120_000);

    test('what cannot be is said in a sentence, and the password in none', async () => {
      const empty = await fresh();
      const file = join(await tempDir('backup'), 'a8.dump');
      const wrong: [string, string[], Record<string, string>][] = [
        ['backup.sh', [file], env(empty)],
        ['backup.sh', [file], { ...env(empty), DATABASE_URL: 'mysql://a:secret-of-mine@b/c' }],
        [
          'backup.sh',
          [file],
          { ...env(empty), DATABASE_URL: `postgres://a:${'secret-of-mine'}@127.0.0.1:1/c` },
        ],
        ['restore.sh', [file], env(empty)],
      ];
      for (const [script, args, given] of wrong) {
        const { code, said } = await run(script, args, given);
        expect([code, said]).toEqual([1, expect.stringContaining(`${script}: `)]);
        expect(said).not.toContain('secret-of-mine');
      }
      expect((await run('backup.sh', [], env(empty))).code).toBe(2);
      expect(existsSync(file)).toBe(false);
    }, 60_000);
  },
);
