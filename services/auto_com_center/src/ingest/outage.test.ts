import { Agent } from 'node:http';
import { join } from 'node:path';
import { type RunningPostgres, startPostgres } from '@scholar/runtime/postgres';
import { freePort, tempDir, waitFor } from '@scholar/runtime/testing';
import pg from 'pg';
import { exchange, type Sent, sendEvent } from '../testing/send.ts';
import { type RunningHub, startHub } from '../testing/start-hub.ts';

const SENDERS = 24;

describe('a database that goes away under load', () => {
  let dataDir: string;
  let port: number;
  let postgres: RunningPostgres;
  let hub: RunningHub;
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });

  const start = () => startPostgres({ dataDir, port, password: 'test', log: { info() {}, warn() {} } });

  beforeAll(async () => {
    dataDir = join(await tempDir('outage'), 'postgres');
    port = await freePort();
    postgres = await start();
    hub = await startHub({ databaseUrl: postgres.url });
  }, 60_000);

  afterAll(async () => {
    agent.destroy();
    await hub.stop();
    await postgres.stop();
  });

  /** Sends without a pause until told to stop; every event has an id of its own. */
  function load(): { stop: () => Promise<Sent[]>; seen: Sent[] } {
    const seen: Sent[] = [];
    let going = true;
    const senders = Array.from({ length: SENDERS }, async () => {
      while (going) {
        const sent = await sendEvent(hub.url, { agent });
        seen.push(sent);
        // A sender that honours Retry-After would make this test slow; a short pause keeps it from spinning.
        if (sent.answer.status === 503) await new Promise((wake) => setTimeout(wake, 20));
      }
    });
    return {
      seen,
      stop: async () => {
        going = false;
        await Promise.all(senders);
        return seen;
      },
    };
  }

  async function storedIds(): Promise<Set<string>> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query<{ event_id: string }>('SELECT event_id FROM events');
    await client.end();
    return new Set(rows.map(({ event_id }) => event_id));
  }

  test.each([
    ['stopped', () => postgres.stop()],
    [
      'killed with -9',
      async () => {
        process.kill(postgres.pid, 'SIGKILL');
        await postgres.exited;
      },
    ],
  ])(
    '%s and started again: every 2xx is a row, everything else is 503 with Retry-After',
    async (_how, end) => {
      const running = load();
      const count = (status: number) => running.seen.filter(({ answer }) => answer.status === status).length;
      await waitFor(() => count(201) > 200);
      await end();
      await waitFor(() => count(503) > 20, { timeoutMs: 15_000 });
      expect((await exchange(`${hub.opsUrl}/health`, { method: 'GET' })).status).toBe(200);
      expect((await exchange(`${hub.opsUrl}/ready`, { method: 'GET' })).status).toBe(503);
      const before = count(201);
      postgres = await start();
      await waitFor(() => count(201) > before + 200, { timeoutMs: 20_000 });
      const sent = await running.stop();
      const stored = await storedIds();

      for (const { eventId, answer } of sent) {
        if (answer.status === 201) expect(stored.has(eventId)).toBe(true);
        else {
          expect(answer.status).toBe(503);
          expect(answer.headers['retry-after']).toBe('2');
          expect(answer.body).toMatchObject({ code: 'unavailable', event_id: eventId });
        }
      }
      // What was not acknowledged is sent again under its id: then it is a row as well, and still one.
      const again = sent.filter(({ answer }) => answer.status === 503);
      for (const { eventId } of again)
        expect((await sendEvent(hub.url, { eventId, agent })).answer.status).toBeLessThan(300);
      const all = await storedIds();
      expect(sent.filter(({ eventId }) => !all.has(eventId))).toEqual([]);
      await waitFor(async () => (await exchange(`${hub.opsUrl}/ready`, { method: 'GET' })).status === 200);
    },
    60_000,
  );
});

describe('a database that is not there at the start', () => {
  test('the process is up and says what is missing; when the database comes, it is migrated and used', async () => {
    const dataDir = join(await tempDir('late'), 'postgres');
    const port = await freePort();
    const hub = await startHub({ databaseUrl: `postgres://postgres:test@127.0.0.1:${port}/postgres` });
    expect((await sendEvent(hub.url)).answer.status).toBe(503);
    const notReady = await exchange(`${hub.opsUrl}/ready`, { method: 'GET' });
    expect(notReady.body).toMatchObject({
      ready: false,
      checks: { schema: { ok: false }, key_ring: { ok: true } },
    });
    const postgres = await startPostgres({ dataDir, port, password: 'test', log: { info() {}, warn() {} } });
    try {
      await waitFor(async () => (await exchange(`${hub.opsUrl}/ready`, { method: 'GET' })).status === 200);
      expect((await sendEvent(hub.url)).answer.status).toBe(201);
      await setFsync(postgres.url, 'off');
      const unsafe = await waitFor(async () => {
        const answer = await exchange(`${hub.opsUrl}/ready`, { method: 'GET' });
        return answer.status === 503 ? answer : undefined;
      });
      expect(unsafe.body).toMatchObject({
        checks: {
          database: { ok: true },
          durability: { ok: false, detail: expect.stringContaining('fsync is off') },
        },
      });
    } finally {
      await hub.stop();
      await postgres.stop();
    }
  }, 60_000);
});

async function setFsync(url: string, value: 'on' | 'off'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER SYSTEM SET fsync = ${value}`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}
