import { randomUUID } from 'node:crypto';
import { mintCanary } from '@scholar/contract';
import { silentLogger } from '@scholar/runtime/log';
import { OUTBOX_MIGRATIONS } from '@scholar/runtime/outbox';
import { createTestDatabase, FakeClock, type TestDatabase } from '@scholar/runtime/testing';
import { type AskForAccount, createAccountLinker } from './account-linker.ts';
import { createAccountWorker, LEASE_MS } from './account-worker.ts';

const canaryKey = 'canary-key-of-the-tests-0123456789';
const LEAD_ID = '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d';
const userId = '11111111-2222-4333-8444-555555555555';
const migrations = [OUTBOX_MIGRATIONS, new URL('../../migrations/', import.meta.url)];
let db: TestDatabase;
let clock: FakeClock;

beforeEach(async () => {
  db = await createTestDatabase({ migrations });
  clock = new FakeClock(Date.now());
});
afterEach(() => db.drop());

const linked: AskForAccount = async () => ({ kind: 'answer', status: 201, body: { user_id: userId } });
const silent: AskForAccount = async () => ({ kind: 'silence', reason: 'ECONNREFUSED' });

function workerWith(ask: AskForAccount) {
  const asked: string[] = [];
  const linker = createAccountLinker({
    pool: db.pool,
    clock,
    random: () => 0.5,
    canaryKey: () => canaryKey,
    onOutcome: () => {},
    ask: (request) => {
      asked.push(request.email);
      return ask(request);
    },
  });
  const options = { pool: db.pool, clock, random: () => 0.5, log: silentLogger(), intervalMs: 1_000 };
  return { asked, linker, ...createAccountWorker({ ...options, linker }) };
}

async function addLead(canaryToken?: string, leadId = LEAD_ID): Promise<void> {
  await db.pool.query(
    "INSERT INTO leads (lead_id, email, content_hash, simulated) VALUES ($1, 'a@b.org', '', $2)",
    [leadId, canaryToken !== undefined],
  );
  await db.pool.query(
    'INSERT INTO user_links (lead_id, canary_token, next_attempt_at, attempts) VALUES ($1, $2, $3, 1)',
    [leadId, canaryToken, new Date(clock.now())],
  );
}

const link = async () => (await db.pool.query('SELECT * FROM user_links')).rows[0];

describe('the account worker', () => {
  test('links a lead that a process left behind, and only once', async () => {
    await addLead();
    const { runOnce } = workerWith(linked);
    expect([await runOnce(), await runOnce()]).toEqual([['linked'], []]);
    expect(await link()).toMatchObject({ state: 'linked', user_id: userId, attempts: 2 });
  });

  test('two workers at once share what is due: each lead is asked for by one of them', async () => {
    for (let i = 0; i < 16; i += 1) await addLead(undefined, randomUUID());
    const [one, two] = [workerWith(linked), workerWith(linked)];
    await Promise.all([one.runOnce(), two.runOnce()]);
    await Promise.all([one.runOnce(), two.runOnce()]);
    expect(one.asked.length + two.asked.length).toBe(16);
    expect((await db.pool.query("SELECT 1 FROM user_links WHERE state = 'linked'")).rowCount).toBe(16);
  });

  test('waits longer from attempt to attempt, up to a minute, and never gives up', async () => {
    await addLead();
    const { runOnce } = workerWith(silent);
    const waits: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      expect(await runOnce()).toEqual(['pending']);
      const wait = (await link()).next_attempt_at.getTime() - clock.now();
      waits.push(wait);
      await clock.advance(wait);
    }
    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(waits.at(-1)).toBe(30_000);
    expect(await link()).toMatchObject({ state: 'pending', last_problem: 'ECONNREFUSED' });
  });

  test('a lead that a dead process had claimed comes back when its lease ends', async () => {
    await addLead();
    const hanging = workerWith(() => new Promise(() => {}));
    void hanging.runOnce();
    while (hanging.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const successor = workerWith(linked);
    expect(await successor.runOnce()).toEqual([]);
    await clock.advance(LEASE_MS);
    expect(await successor.runOnce()).toEqual(['linked']);
  });

  test('a canary whose token ran out is never asked for: scholar_auth would count a person', async () => {
    await addLead(mintCanary(canaryKey, { canaryId: 'c1', notAfterMs: clock.now() + 1_000 }));
    const down = workerWith(silent);
    expect(await down.runOnce()).toEqual(['pending']);
    await clock.advance(60_000);
    const { runOnce, asked } = workerWith(linked);
    expect(await runOnce()).toEqual(['expired']);
    expect(asked).toEqual([]);
    expect(await link()).toMatchObject({ state: 'expired', canary_token: null });
  });

  test('after a silence visitors do not wait for a few seconds, after an answer they do again', async () => {
    await addLead();
    const { runOnce, linker } = workerWith(silent);
    expect(linker.worthTrying()).toBe(true);
    await runOnce();
    expect(linker.worthTrying()).toBe(false);
    await clock.advance(5_000);
    expect(linker.worthTrying()).toBe(true);
  });
});
