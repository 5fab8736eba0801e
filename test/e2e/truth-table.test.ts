import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { beyondBounds, oddLabels, seriesOf } from '../harness/cost/series.ts';
import { knock, MARK } from '../harness/cost/strangers.ts';
import { plant } from '../harness/leaks/people.ts';
import { PERSON } from '../harness/leaks/person.ts';
import { findTold, secretsOf, tellingsOf } from '../harness/leaks/tellings.ts';
import { LocalSystem } from '../harness/local-system.ts';
import {
  emptiedRows,
  erasureAt,
  eventsOf,
  hurryErasures,
  nothingLeft,
  openSteps,
  sendAgain,
} from '../harness/privacy/erased.ts';
import { liveThrough } from '../harness/privacy/live.ts';

let system: LocalSystem;

beforeAll(async () => {
  system = await LocalSystem.start();
}, 120_000);

afterAll(async () => {
  await system.stop();
}, 120_000);

test('a fresh system proves every cell of the truth table by a row, and the three simulations', async () => {
  const truth = await system.verify();
  expect(truth.table.map(({ app, verdict, reasons }) => ({ app, verdict, reasons }))).toEqual(
    ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'].map((app) => ({ app, verdict: 'green', reasons: [] })),
  );
  expect(truth.simulations.map(({ name, persisted, row }) => ({ name, persisted, row }))).toEqual(
    ['lead', 'auth', 'payment'].map((name) => ({ name, persisted: true, row: true })),
  );
  expect(truth).toMatchObject({ ok: true, code: 0 });
  const ids = truth.table.map(({ event }) => event.event_id);
  const rows = await system.query('SELECT event_id, simulated FROM events WHERE event_id = ANY($1)', [ids]);
  expect(rows.map(({ simulated }) => simulated)).toEqual(Array(7).fill(true));
}, 60_000);

test('a fresh system has no drift', async () => {
  const ran = await system.scholar('audit', '-o', 'json');
  expect(JSON.parse(ran.stdout)).toEqual({ findings: [], conservation: expect.any(Array) });
  expect(ran.code).toBe(0);
});

test('a payment, a part of it that is given back, and the refund that fails: each is seen at A6 by webhook, and A8 has one row of it', async () => {
  const a6 = await system.url('provider_register');
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'Refund Fund', email: 'refund@canary.invalid' });
  const registered = await fetch(`${a6}/providers`, { method: 'POST', headers: json, body });
  const own = `${a6}${registered.headers.get('location')}`;
  const opened = (await (await fetch(`${own}/checkout`, { method: 'POST' })).json()) as Record<
    string,
    string
  >;
  const { id: session = '', url: page = '' } = opened;
  const isOrder = (state: string) =>
    waitFor(
      async () => ((await (await fetch(`${own}/orders/1`)).json()) as { state: string }).state === state,
      { timeoutMs: 60_000, what: `the order being ${state}` },
    );
  const sandbox = new URL(page).origin;
  const atStripe = async (path: string, sent: RequestInit = {}) => {
    const answer = await fetch(`${sandbox}${path}`, {
      ...sent,
      headers: { authorization: 'Bearer sk_test_walk' },
    });
    return (await answer.json()) as Record<string, string>;
  };

  await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' });
  await isOrder('paid');
  const { payment_intent = '' } = await atStripe(`/v1/checkout/sessions/${session}`);
  const part = new URLSearchParams({ payment_intent, amount: '900' });
  const refund = await atStripe('/v1/refunds', { method: 'POST', body: part });
  await isOrder('partly_refunded');
  await atStripe(`/sandbox/refunds/${refund['id']}/fail`, { method: 'POST' });
  await isOrder('paid');

  const rows = () =>
    system.query<{ type: string; cents: number }>(
      `SELECT event_type AS type, (payload->>'amount_cents')::int AS cents FROM events
       WHERE app_label = 'provider_register' AND payload->>'reference' = $1`,
      [session],
    );
  await waitFor(async () => (await rows()).length > 0, { timeoutMs: 60_000, what: 'the row of the payment' });
  expect(await rows()).toEqual([{ type: 'PaymentSuccess', cents: 4900 }]);
}, 240_000);

const CANARIES = [
  ['scholar_auth', 'NewUser', { details: 'canary' }],
  ['auto_page_maker', 'NewLead', { details: 'canary' }],
  ['provider_register', 'PaymentSuccess', { details: 'canary', amount_cents: 4900, currency: 'USD' }],
] as const;

test.each(CANARIES)(
  "the brief's canary of %s is accepted, persisted and a row",
  async (label, type, payload) => {
    const { a8 } = await system.status();
    const eventId = randomUUID();
    const response = await fetch(`${a8.url}/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-scholar-protocol': 'v3.5.1',
        'x-app-label': label,
        'x-event-id': eventId.toUpperCase(),
        authorization: `Bearer ${await system.emitKey()}`,
      },
      body: JSON.stringify({
        event_type: type,
        occurred_at: new Date().toISOString().replace(/\.\d+/, ''),
        actor_id: 'test_user_01',
        source: 'canary/auth',
        payload,
      }),
    });
    expect(await response.json()).toMatchObject({ accepted: true, persisted: true, event_id: eventId });
    expect(await system.query('SELECT simulated FROM events WHERE event_id = $1', [eventId])).toEqual([
      { simulated: true },
    ]);
  },
);

describe('one falsehood turns exactly its own row red', () => {
  const redRows = async (): Promise<string[]> => {
    const truth = await system.verify();
    expect(truth.code).toBe(truth.ok ? 0 : 1);
    return truth.table.filter(({ verdict }) => verdict !== 'green').map(({ app }) => app);
  };

  test('a row that is deleted behind the back of A8; `fix` brings it back from the forwarder', async () => {
    const before = await system.verify();
    const lost = before.table.find(({ app }) => app === 'A3')?.event.event_id;
    expect(
      await system.query('DELETE FROM events WHERE event_id = $1 RETURNING event_id', [lost]),
    ).toHaveLength(1);
    expect(await redRows()).toEqual(['A3']);
    expect((await system.audit()).map(({ app, code }) => `${app} ${code}`)).toEqual(['A3 evidence_lost']);
    expect((await system.fix()).code).toBe(0);
    expect(await system.query('SELECT event_id FROM events WHERE event_id = $1', [lost])).toHaveLength(1);
    expect(await redRows()).toEqual([]);
  }, 90_000);

  test('a service that is stopped', async () => {
    const { pid } = await system.app('scholarship_sage');
    process.kill(Number(pid), 'SIGSTOP');
    try {
      expect(await redRows()).toEqual(['A4']);
    } finally {
      process.kill(Number(pid), 'SIGCONT');
    }
    await waitFor(async () => (await redRows()).length === 0, { timeoutMs: 30_000 });
  }, 90_000);

  test('a key that is changed: its events are held, not lost, and drain when the file is corrected, without a restart', async () => {
    const key = join(system.state, 'live', 'student_pilot', 'forwarder', 'A8_KEY');
    const before = await system.app('student_pilot');
    await writeFile(key, 'not-the-key-not-the-key-not-the-key-00');
    await waitFor(async () => (await system.audit()).some(({ code }) => code === 'key_not_accepted'), {
      timeoutMs: 15_000,
    });
    expect(await redRows()).toEqual(['A5']);
    const held = await system.app('student_pilot');
    expect(held.forwarder.held).toBe('unauthorized');
    expect(held.forwarder.backlog).toBeGreaterThan(0);
    await rm(key);
    await system.fix();
    await waitFor(async () => (await system.app('student_pilot')).forwarder.backlog === 0, {
      timeoutMs: 30_000,
    });
    const after = await system.app('student_pilot');
    expect([after.pid, after.forwarder.pid]).toEqual([before.pid, before.forwarder.pid]);
    expect(await redRows()).toEqual([]);
  }, 120_000);
});

test('who asks gets all that is kept of them and is erased everywhere, also while a service and a forwarder are away and A1 starts anew; every row stays, empty', async () => {
  const { urls, student, provider } = await liveThrough(system);
  const people = [student, provider];
  const events = [
    ...(await eventsOf(system, student.actors, ['NewUser', 'ScholarshipMatchRequested', 'SageAssist'])),
    ...(await eventsOf(system, provider.actors, ['NewUser', 'ProviderOnboarded', 'PaymentSuccess'])),
  ].sort((a, b) => a.event_id.localeCompare(b.event_id));
  const ask = (path: string) =>
    Promise.all(people.map(({ send, password }) => send(`${urls.auth}${path}`, { password })));

  const [ofStudent, ofProvider] = await ask('/privacy/exports');
  expect(ofStudent?.body).toMatchObject({
    complete: true,
    services: {
      scholar_auth: { users: [{ email: student.email }] },
      student_pilot: {
        student_profiles: [{ field: 'law', degree: 'master' }],
        match_requests: [{ outcome: expect.any(String) }],
      },
      auto_page_maker: { leads: [{ email: student.email, name: PERSON['the name of a lead'] }] },
    },
  });
  expect(ofProvider?.body).toMatchObject({
    complete: true,
    services: {
      scholar_auth: { users: [{ email: provider.email }] },
      provider_register: {
        providers: [{ name: PERSON['the name of a provider'], email: provider.email }],
        payments: [{ amount_cents: 4_900 }],
      },
      scholarship_api: { scholarships: [{ title: 'A year of olives' }] },
    },
  });

  const away = Number((await system.app('auto_page_maker')).pid);
  const forwarderAway = Number((await system.app('student_pilot')).forwarder.pid);
  for (const pid of [away, forwarderAway]) process.kill(pid, 'SIGSTOP');
  const requests = (await ask('/privacy/erasures')).map(({ body }) => body['request_id']);
  const erasures = async () => {
    await hurryErasures(system);
    return Promise.all(requests.map((id) => erasureAt(urls.auth, id).catch(() => undefined)));
  };
  try {
    await hurryErasures(system);
    const allButOne = async () => {
      const all = await Promise.all(requests.map((id) => erasureAt(urls.auth, id)));
      return all.every(({ parties }) => parties.filter((each) => each.confirmed_at !== null).length === 5);
    };
    await waitFor(allButOne, { timeoutMs: 60_000, what: 'the word of all services but one' });
    process.kill(Number((await system.app('scholar_auth')).pid), 'SIGKILL');
    process.kill(away, 'SIGCONT');
    // Everybody has confirmed everything but the one forwarder, and for that it stays open.
    const allButForwarder = async () => {
      const waits = (await erasures()).map((erasure) => erasure?.parties.flatMap(openSteps));
      return waits.every((open) => open?.join() === 'forwarders of student_pilot');
    };
    await waitFor(allButForwarder, { timeoutMs: 90_000, intervalMs: 500, what: 'all but one forwarder' });
    expect((await erasures()).map((erasure) => erasure?.finished_at)).toEqual([null, null]);
  } finally {
    for (const pid of [away, forwarderAway]) process.kill(pid, 'SIGCONT');
  }
  const finished = async () => (await erasures()).every((erasure) => erasure?.finished_at);
  await waitFor(finished, { timeoutMs: 90_000, intervalMs: 500, what: 'the end of both erasures' });

  expect(await emptiedRows(system, events)).toEqual(events);
  await Promise.all(people.flatMap(({ actors }) => actors).map((actor) => nothingLeft(system, actor)));
  const again = events.find(({ event_type }) => event_type === 'NewUser');
  expect(again && (await sendAgain(system, again, student.userId))).toBeLessThan(300);
  expect(await emptiedRows(system, events)).toEqual(events);
  for (const { email, password, send } of people)
    expect((await send(`${urls.auth}/login`, { email, password })).status).toBe(401);
}, 240_000);

test('after all this no log, metric, answer, row or command tells a secret, a token or anything about a person', async () => {
  const planted = await plant(system);
  // What was taken has come through every process, so every process had its chance to speak of it.
  const drained = async () =>
    (await system.status()).apps.every(({ forwarder: { backlog, held } }) => backlog === 0 || held !== null);
  await waitFor(drained, { timeoutMs: 60_000 });
  const secrets = new Map([...(await secretsOf(system)), ...planted.secrets]);
  const tellings = [...(await tellingsOf(system)), ...planted.answers];
  expect(findTold(tellings, secrets)).toEqual([]);

  // The search was one: there was traffic of both kinds and a secret of every owner, and it finds what is there.
  expect(planted.statuses.filter((status) => status < 300).length).toBeGreaterThanOrEqual(8);
  expect(planted.answers.length).toBeGreaterThanOrEqual(40);
  expect(secrets.size).toBeGreaterThanOrEqual(100);
  expect([...secrets.values()].filter((secret) => secret.length < 8)).toEqual([]);
  expect(tellings.filter(({ where }) => where.endsWith('.log')).length).toBeGreaterThanOrEqual(17);
  expect(findTold(tellings, new Map([['a label', 'scholar_auth']])).length).toBeGreaterThanOrEqual(10);
}, 180_000);

test('whatever strangers call things, no label of a metric holds it, and no process has more series than documented', async () => {
  const answers = await knock(system, 30);
  expect([...answers.keys()].filter((status) => status >= 500)).toEqual([]);
  const seen = await seriesOf(system);
  expect(seen).toHaveLength(15);
  expect(seen.filter(({ series }) => series.length < 50)).toEqual([]);
  expect(beyondBounds(seen)).toEqual([]);
  expect(seen.flatMap(({ series }) => oddLabels(series))).toEqual([]);
  expect(JSON.stringify(seen)).not.toContain(MARK);
}, 120_000);
