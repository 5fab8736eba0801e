import { randomUUID } from 'node:crypto';
import { createPool, inTransaction } from '@scholar/runtime/db';
import {
  askPersonalData,
  createTestDatabase,
  FakeClock,
  ShiftedClock,
  type TestDatabase,
  waitFor,
} from '@scholar/runtime/testing';
import { says } from '../testing/fake-model.ts';
import { createSageRig, type SageRig } from '../testing/sage-rig.ts';
import { type Budget, type BudgetLimits, createBudget } from './budget.ts';
import { costOf, estimateTokens, type Prices } from './prices.ts';

const UNLIMITED = { tokens: undefined, units: undefined };

describe('the budget', () => {
  let database: TestDatabase;
  let clock: FakeClock;
  let spent: string[];
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.pool.query('DELETE FROM model_spending');
    clock = new FakeClock();
    spent = [];
  });

  function replica(limits: Partial<BudgetLimits>, prices: Prices = { input: 0, output: 0 }): Budget {
    return createBudget({
      pool: database.pool,
      withTransaction: (work) => inTransaction(database.pool, work),
      clock,
      prices,
      limits: { user: UNLIMITED, service: UNLIMITED, ...limits },
      onSpent: (of) => void spent.push(of),
    });
  }
  const hundred = { input: 60, output: 40 };
  const rows = async () =>
    (
      await database.pool.query(
        'SELECT spender, tokens::int, units::int FROM model_spending ORDER BY spender',
      )
    ).rows;

  test('of a service holds for all replicas together, however many ask at once', async () => {
    const limits = { service: { tokens: 1_000, units: undefined } };
    const replicas = [replica(limits), replica(limits)];
    const grants = await Promise.all(
      Array.from({ length: 40 }, (_, i) => replicas[i % 2]?.reserve(`u${i % 7}`, hundred)),
    );
    expect(grants.filter((grant) => grant?.granted)).toHaveLength(10);
    expect(spent).toEqual(Array(30).fill('service'));
    // What a refused question would have cost was set aside for nobody.
    const users = (await rows()).filter(({ spender }) => spender !== 'service');
    expect(users.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(1_000);
  });

  test('of a person holds for this person alone, and a new day (UTC) is a new budget', async () => {
    const budget = replica({ user: { tokens: 150, units: undefined } });
    const asks = async (id: string) => (await budget.reserve(id, hundred)).granted;
    expect([await asks('ada'), await asks('ada'), await asks('bob')]).toEqual([true, false, true]);
    await clock.advance(24 * 3_600_000);
    expect(await asks('ada')).toBe(true);
  });

  test('of units counts what tokens cost, part of a unit as a whole one', async () => {
    const budget = replica({ user: { tokens: undefined, units: 30 } }, { input: 100, output: 201 });
    // 60 × 100 + 40 × 201 thousandths of a unit.
    expect(costOf(hundred, { input: 100, output: 201 })).toEqual({ tokens: 100, units: 15 });
    const granted = [];
    for (let i = 0; i < 3; i += 1) granted.push((await budget.reserve('ada', hundred)).granted);
    expect(granted).toEqual([true, true, false]);
  });

  test('what was set aside is corrected to what it was, also to more', async () => {
    const budget = replica({});
    for (const usage of [
      { input: 10, output: 5 },
      { input: 300, output: 0 },
    ]) {
      const grant = await budget.reserve('ada', hundred);
      if (grant.granted) await grant.settle(usage);
    }
    expect(await rows()).toEqual([
      { spender: 'service', tokens: 315, units: 0 },
      { spender: 'user:ada', tokens: 315, units: 0 },
    ]);
  });

  test('a service that names nobody has no budget of a person', async () => {
    const budget = replica({ user: { tokens: 0, units: undefined } });
    expect((await budget.reserve('system', hundred)).granted).toBe(true);
    expect((await budget.reserve('ada', hundred)).granted).toBe(false);
  });

  test('another replica knows after a look that it is spent, and that what was set aside came back', async () => {
    const limits = { service: { tokens: 150, units: undefined } };
    const [one, other] = [replica(limits), replica(limits)];
    const grant = await one.reserve('ada', hundred);
    await other.reserve('bob', hundred);
    await other.look();
    expect(other.state()).toMatchObject({ spent: true, usedRatio: 100 / 150 });
    if (grant.granted) await grant.settle({ input: 1, output: 0 });
    await other.look();
    expect(other.state()).toMatchObject({ spent: false });
    await database.pool.query('UPDATE model_spending SET tokens = 150');
    await other.look();
    expect(other.state()).toMatchObject({ spent: true, usedRatio: 1 });
    await clock.advance(24 * 3_600_000);
    expect(other.state()).toMatchObject({ spent: false, usedRatio: 0 });
  });
});

test.each([
  ['', 0],
  ['abcdef', 2],
  ['日本', 2],
])('of %j about %d tokens are counted', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

describe('of a service that runs', () => {
  const QUESTION = 'How do I write a scholarship essay?';
  const GOOD = 'Tell one concrete story in your essay [1].';
  let rig: SageRig;
  afterEach(() => rig.close());

  const findings = async () =>
    ((await (await fetch(`${rig.a4.opsUrl}/running`)).json()) as { findings?: string[] }).findings?.join(
      '\n',
    ) ?? '';

  test('spent by a person, the answer comes from the passages and says so; others go on', async () => {
    rig = await createSageRig({
      env: { LLM_USER_TOKENS: '2000', LLM_PRICE_INPUT: '1000', LLM_PRICE_OUTPUT: '2000' },
    });
    rig.model.behave(says(GOOD, { prompt_tokens: 1_500, completion_tokens: 20 }));
    const id = randomUUID();
    const ada = { authorization: `Bearer ${await rig.a4.identity.userToken({ subject: id })}` };
    expect(await rig.ask(QUESTION, ada)).toMatchObject({ provider: 'llm' });
    const second = await rig.ask(QUESTION, ada);
    expect(second).toMatchObject({ provider: 'extractive', supported: true, fallback: 'budget_user' });
    expect(second.note).toMatch(/so much today/);
    const told = await rig.stream(QUESTION, ada);
    expect(told.at(-1)).toMatchObject({
      event: 'done',
      data: { fallback: 'budget_user', note: second.note },
    });
    expect(await rig.ask(QUESTION)).toMatchObject({ provider: 'llm' });
    expect(rig.model.requests).toHaveLength(2);
    const metrics = await rig.metrics();
    expect(metrics).toMatch(/sage_budget_spent_total\{of="user"[^}]*\} 2\n/);
    expect(metrics).toMatch(/sage_llm_tokens_total\{direction="input"[^}]*\} 3000\n/);
    expect(metrics).toMatch(/sage_llm_units_total\{[^}]*\} 3080\n/);
    expect(await findings()).not.toMatch(/budget/);

    const person = { userId: id, email: undefined };
    const asks = askPersonalData(rig.a4);
    expect((await asks.find(person)).found).toMatchObject({
      model_spending: [{ tokens: 1_520, units: 1_540 }],
    });
    expect(await asks.erase(person)).toMatchObject({ model_spending: 1 });
    expect((await asks.find(person)).found).toEqual({ model_spending: [] });
  });

  test('spent by all, the answer says so, and so do a metric and /running', async () => {
    rig = await createSageRig({ env: { LLM_TOKENS: '1900' } });
    rig.model.behave(says(GOOD, { prompt_tokens: 1_800, completion_tokens: 90 }));
    expect(await rig.ask(QUESTION)).toMatchObject({ provider: 'llm' });
    const second = await rig.ask(QUESTION);
    expect(second).toMatchObject({ fallback: 'budget_service', note: expect.stringContaining('is spent') });
    expect(await findings()).toContain('LLM_TOKENS');
    expect(await rig.metrics()).toMatch(/sage_budget_used_ratio\{[^}]*\} 0\.99/);
  });

  test('spent at the last moment of a day, it is whole again at the first of the next (UTC)', async () => {
    const clock = new ShiftedClock(Date.UTC(2026, 10, 30, 23, 50));
    rig = await createSageRig({ env: { LLM_TOKENS: '1900' }, clock });
    rig.model.behave(says(GOOD, { prompt_tokens: 1_800, completion_tokens: 90 }));
    expect(await rig.ask(QUESTION)).toMatchObject({ provider: 'llm' });
    expect(await rig.ask(QUESTION)).toMatchObject({ fallback: 'budget_service' });
    clock.advance(10 * 60_000);
    const later = { authorization: `Bearer ${await rig.a4.identity.userToken()}` };
    expect(await rig.ask(QUESTION, later)).toMatchObject({ provider: 'llm' });
    const { rows } = await rig.a4.pool.query(
      `SELECT day::text, tokens::int FROM model_spending WHERE spender = 'service' ORDER BY day`,
    );
    expect(rows).toEqual([
      { day: '2026-11-30', tokens: 1_890 },
      { day: '2026-12-01', tokens: 1_890 },
    ]);
    expect(await findings()).not.toContain('LLM_TOKENS');
  });

  test('who asked is forgotten when the day is over, also where there is no model any more', async () => {
    rig = await createSageRig({
      model: false,
      async databaseBy(url) {
        const pool = createPool({ url, applicationName: 'another day', max: 1 });
        await pool.query(
          `INSERT INTO model_spending VALUES ('2001-01-01', 'user:ada', 1, 0), ('2999-01-01', 'user:ada', 1, 0)`,
        );
        await pool.end();
        return url;
      },
    });
    const days = async () =>
      (await rig.a4.pool.query('SELECT day::text FROM model_spending')).rows.map(({ day }) => day);
    await waitFor(async () => (await days()).length < 2, { what: 'the removal of a day that is over' });
    expect(await days()).toEqual(['2999-01-01']);
  });

  test('what another replica has spent counts', async () => {
    const clock = ShiftedClock.atNoon();
    rig = await createSageRig({ env: { LLM_TOKENS: '1900' }, clock });
    rig.model.behave(says(GOOD));
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    await rig.a4.pool.query(`INSERT INTO model_spending VALUES ($1, 'service', 1800, 0)`, [today]);
    expect(await rig.ask(QUESTION)).toMatchObject({ fallback: 'budget_service' });
    expect(rig.model.requests).toEqual([]);
  });

  test('a model that refuses costs nothing; one that falls silent costs what was set aside', async () => {
    rig = await createSageRig({ env: { LLM_TIMEOUT: '2s' } });
    const tokens = async () => {
      const { rows } = await rig.a4.pool.query(
        "SELECT tokens::int FROM model_spending WHERE spender = 'service'",
      );
      return rows[0]?.tokens;
    };
    rig.model.behave((response) => void response.writeHead(429).end());
    await rig.ask(QUESTION);
    expect(await tokens()).toBe(0);
    rig.model.behave(() => undefined);
    await rig.ask(QUESTION);
    expect(await tokens()).toBeGreaterThan(400);
  });
});
