import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { LocalSystem } from '../harness/local-system.ts';
import { startTraffic, type Traffic } from '../harness/traffic.ts';

let system: LocalSystem;

beforeAll(async () => {
  system = await LocalSystem.start();
}, 120_000);

afterAll(async () => {
  await system.stop();
}, 120_000);

/** Signups, leads and payments go on while a fault happens; afterwards each request that got its 2xx is exactly one row. */
async function under(fault: () => Promise<void>): Promise<Awaited<ReturnType<Traffic['stop']>>> {
  const traffic = await startTraffic(system);
  await traffic.until(5);
  await fault();
  await traffic.until(20);
  const result = await traffic.stop();
  await waitFor(async () => (await missingRows(result.accepted)).length === 0, { timeoutMs: 60_000 });
  const counts = await system.query<{ event_id: string; n: string }>(
    'SELECT event_id, count(*) AS n FROM events WHERE event_id = ANY($1) GROUP BY event_id',
    [result.accepted],
  );
  expect(counts).toHaveLength(new Set(result.accepted).size);
  expect(counts.filter(({ n }) => n !== '1')).toEqual([]);
  return result;
}

async function missingRows(ids: string[]): Promise<string[]> {
  const rows = await system.query<{ event_id: string }>(
    'SELECT event_id FROM events WHERE event_id = ANY($1)',
    [ids],
  );
  const found = new Set(rows.map(({ event_id }) => event_id));
  return ids.filter((id) => !found.has(id));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('A8 is killed again and again: nothing is lost and no service answers 5xx for it', async () => {
  const result = await under(async () => {
    for (let round = 0; round < 6; round += 1) {
      const { a8 } = await system.status();
      if (a8.pid !== null) process.kill(a8.pid, 'SIGKILL');
      await sleep(500);
    }
  });
  expect(result.accepted.length).toBeGreaterThan(10);
  expect(result.serverErrors).toEqual([]);
}, 150_000);

test('a forwarder is killed with -9 under load: nothing that was acknowledged is lost', async () => {
  const result = await under(async () => {
    for (const label of ['scholar_auth', 'auto_page_maker', 'provider_register', 'scholar_auth']) {
      process.kill((await system.app(label)).forwarder.pid, 'SIGKILL');
      await sleep(300);
    }
  });
  expect(result.serverErrors).toEqual([]);
}, 150_000);

test('PostgreSQL is killed under load: what got its 2xx is a row afterwards', async () => {
  const result = await under(async () => {
    process.kill(postmaster(), 'SIGQUIT');
    await sleep(2_000);
  });
  expect(result.accepted.length).toBeGreaterThan(10);
}, 150_000);

function postmaster(): number {
  return Number(readFileSync(join(system.state, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}
