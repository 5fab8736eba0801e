import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '@scholar/operator/target/target';
import { waitFor } from '@scholar/runtime/testing';
import { countRows } from '../harness/exact-rows.ts';
import { LocalSystem } from '../harness/local-system.ts';
import {
  afterOf,
  countedRows,
  fixed,
  lostRows,
  openWithoutDelay,
  sendAll,
  sentAgain,
} from '../harness/lost-rows.ts';
import { copyDatabase } from '../harness/older-database.ts';
import { underTraffic } from '../harness/under-traffic.ts';

let system: LocalSystem;

beforeAll(async () => {
  system = await LocalSystem.start();
}, 120_000);

afterAll(async () => {
  await system.stop();
}, 120_000);

const under = (fault: () => Promise<void>) => underTraffic(system, fault);
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

describe('what A8 acknowledged is what it has', () => {
  const LABELS = ['student_pilot', 'auto_page_maker'] as const;
  let target: Target;
  beforeAll(async () => {
    target = await openWithoutDelay(system);
  });
  afterAll(() => target.close());

  test('after all these faults each forwarder has counted exactly the rows that A8 has of it', async () => {
    const differing = async () =>
      (await countedRows(system, target)).filter(({ acknowledged, rows }) => acknowledged !== rows);
    await waitFor(async () => (await differing()).length === 0, {
      timeoutMs: 60_000,
      what: 'equal numbers of acknowledged events and of rows',
    });
    expect((await countedRows(system, target)).map(({ residual }) => residual)).toEqual(Array(7).fill(0));
  }, 90_000);

  test('rows that are deleted behind its back are named by minute and id, and `fix` brings exactly these back', async () => {
    const [mine, others] = await Promise.all(LABELS.map((label) => sendAll(target, label, 25)));
    const deleted = [...(mine ?? []).slice(0, 9), ...(others ?? []).slice(0, 4)].sort();
    const [first] = await system.query<{ at: Date }>(
      "SELECT date_trunc('minute', min(received_at)) AS at FROM events WHERE event_id = ANY($1)",
      [deleted],
    );
    await system.query('DELETE FROM events WHERE event_id = ANY($1)', [deleted]);
    const found = await lostRows(target);
    expect(found.map(({ label }) => label).sort()).toEqual([...LABELS].sort());
    expect(sentAgain(found)).toEqual(deleted);
    expect(found.flatMap(({ evidence }) => evidence).join()).toContain(first?.at.toISOString());
    const report = await fixed(target);
    expect(afterOf(report, 'A5')).toContain('sent 9 events again, and 9 of 9 are rows; no longer found');
    expect(afterOf(report, 'A7')).toContain('sent 4 events again, and 4 of 4 are rows; no longer found');
    expect(await countRows(system, deleted)).toMatchObject({ missing: [], duplicates: [] });
    expect(await lostRows(target)).toEqual([]);
  }, 150_000);

  test('an older copy of the database is restored: every event since comes back from the forwarders', async () => {
    const copy = await copyDatabase(system);
    await waitFor(async () => (await system.status()).apps.every(({ ready }) => ready), {
      timeoutMs: 60_000,
    });
    await Promise.all(LABELS.map((label) => sendAll(target, label, 40)));
    const gone = await copy.restore();
    expect(gone.length).toBeGreaterThanOrEqual(80);
    await waitFor(async () => (await lostRows(target)).length >= LABELS.length, { timeoutMs: 60_000 });
    const report = await fixed(target);
    expect(report.left.map(({ code }) => code)).not.toContain('rows_lost');
    expect(await countRows(system, gone)).toMatchObject({ sent: gone.length, missing: [], duplicates: [] });
    expect(await lostRows(target)).toEqual([]);
  }, 180_000);
});

function postmaster(): number {
  return Number(readFileSync(join(system.state, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}
