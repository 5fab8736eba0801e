import { mintCanary } from '@scholar/contract';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { anEvent, exchange, read, sendEvent } from '../testing/send.ts';
import { CANARY_KEY, type RunningHub, startHub } from '../testing/start-hub.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

let database: TestDatabase;
let hub: RunningHub;
const canary = mintCanary(CANARY_KEY, { canaryId: 'canary-1', notAfterMs: Date.now() + 60_000 });

beforeAll(async () => {
  database = await createTestDatabase({ migrations: MIGRATIONS });
  hub = await startHub({ databaseUrl: database.url });
});

afterAll(async () => {
  await hub.stop();
  await database.drop();
});

type Apps = Record<string, Record<string, unknown>>;
const observed = async (label: string) => {
  const { body } = await read(hub.url, '/observations');
  return (body['apps'] as Apps)[label];
};
const metrics = async () => String((await exchange(`${hub.opsUrl}/metrics`, { method: 'GET' })).body['text']);

test('every method on /ingest is 410 and counted under the claimed label, or unknown', async () => {
  const headers = { 'x-app-label': 'scholar_auth' };
  for (const method of ['POST', 'GET', 'PUT']) {
    const answer = await exchange(`${hub.url}/ingest`, { method, headers });
    expect(answer).toMatchObject({ status: 410, body: { code: 'legacy_endpoint' } });
  }
  await exchange(`${hub.url}/ingest`, {
    method: 'POST',
    headers: { 'x-app-label': 'nobody' },
    body: Buffer.from('{}'),
  });
  expect(await observed('scholar_auth')).toMatchObject({ legacy_endpoint_hits: 3 });
  expect(await observed('unknown')).toMatchObject({ legacy_endpoint_hits: 1 });
  expect(await metrics()).toContain('a8_legacy_endpoint_total{app="scholar_auth",canary="false"} 3');
});

test('a negative canary on /ingest is counted as a canary and is no observation', async () => {
  const headers = { 'x-app-label': 'auto_page_maker', 'x-scholar-canary': canary };
  expect((await exchange(`${hub.url}/ingest`, { method: 'POST', headers })).status).toBe(410);
  expect(await observed('auto_page_maker')).toMatchObject({ legacy_endpoint_hits: 0 });
  expect(await metrics()).toContain('a8_legacy_endpoint_total{app="auto_page_maker",canary="true"} 1');
});

test('a canary that came past every forwarder is no sighting of its app, one that a forwarder brought is', async () => {
  const event = anEvent({ payload: { simulated: true } });
  const label = 'provider_register' as const;
  const direct = await sendEvent(hub.url, { label, event, canary });
  expect(direct.answer.status).toBe(201);
  expect(await observed(label)).toMatchObject({ last_event_at: null, simulated_1h: 1 });
  const brought = { label, event, canary, headers: { 'x-forwarder-id': 'provider_register@pod-0' } };
  expect((await sendEvent(hub.url, brought)).answer.status).toBe(201);
  expect(await observed(label)).toMatchObject({ last_event_at: expect.any(String), simulated_1h: 2 });
});

test('a legacy name is stored under the event type it stands for, counted, and answered as deprecated', async () => {
  const event = anEvent({ event_type: 'user_signed_up' });
  const { eventId, answer } = await sendEvent(hub.url, { label: 'scholar_auth', event });
  expect(answer).toMatchObject({ status: 201, headers: { deprecation: '@1793491200' } });
  const { rows } = await database.pool.query('SELECT event_type FROM events WHERE event_id = $1', [eventId]);
  expect(rows).toEqual([{ event_type: 'NewUser' }]);
  expect(await observed('scholar_auth')).toMatchObject({ legacy_alias_events: 1 });
});

test('observations survive a restart and add up over replicas', async () => {
  const other = await startHub({ databaseUrl: database.url });
  await exchange(`${other.url}/ingest`, { method: 'POST', headers: { 'x-app-label': 'student_pilot' } });
  await other.stop();
  expect(await observed('student_pilot')).toMatchObject({ legacy_endpoint_hits: 1 });
});

test('A8_LEGACY_ALIASES=refuse ends the aliases', async () => {
  const strict = await startHub({ databaseUrl: database.url, env: { A8_LEGACY_ALIASES: 'refuse' } });
  const { answer } = await sendEvent(strict.url, { event: anEvent({ event_type: 'user_signed_up' }) });
  expect(answer).toMatchObject({ status: 422, body: { code: 'legacy_event_type' } });
  await strict.stop();
});

test('production stores a simulated event only with a valid canary token', async () => {
  const production = await startHub({ databaseUrl: database.url, env: { ENVIRONMENT: 'production' } });
  const event = anEvent({ source: 'canary/api' });
  expect((await sendEvent(production.url, { event })).answer).toMatchObject({
    status: 422,
    body: { code: 'simulated_refused' },
  });
  const { eventId, answer } = await sendEvent(production.url, { event, canary });
  expect(answer.status).toBe(201);
  const { rows } = await database.pool.query('SELECT simulated, canary_id FROM events WHERE event_id = $1', [
    eventId,
  ]);
  expect(rows).toEqual([{ simulated: true, canary_id: 'canary-1' }]);
  await production.stop();
});

test('a refusal with a key leaves a row without a body, one without a key leaves none, a flood is capped', async () => {
  const secret = 'person@example.org';
  const event = anEvent({ actor_id: secret });
  await sendEvent(hub.url, { event, label: 'scholarship_sage' });
  await sendEvent(hub.url, { event, key: 'x'.repeat(48) });
  const row = await waitFor(async () => {
    const { body } = await read(hub.url, '/rejected?app=scholarship_sage');
    return (body['rejected'] as Record<string, unknown>[])[0];
  });
  expect(row).toMatchObject({ code: 'pii_detected', pointer: '/actor_id', key_id: 'emit', suppressed: 0 });
  expect(JSON.stringify(row)).not.toContain('example.org');
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS n FROM rejected_events WHERE code = 'unauthorized'`,
  );
  expect(rows).toEqual([{ n: 0 }]);

  await Promise.all(Array.from({ length: 200 }, () => sendEvent(hub.url, { event })));
  await waitFor(async () =>
    /a8_rejected_rows_total\{result="suppressed"[^}]*\} 1[0-9]{2}/.test(await metrics()),
  );
  const kept = await database.pool.query(
    `SELECT count(*)::int AS n FROM rejected_events WHERE code = 'pii_detected'`,
  );
  expect(kept.rows[0].n).toBeLessThan(70);
});

test('a flood of refusals does not hide the trace of a canary', async () => {
  const event = anEvent({ actor_id: 'person@example.org' });
  await Promise.all(Array.from({ length: 200 }, () => sendEvent(hub.url, { event })));
  const { eventId } = await sendEvent(hub.url, { event, canary });
  const kept = await waitFor(async () => {
    const { rows } = await database.pool.query('SELECT * FROM rejected_events WHERE event_id = $1', [
      eventId,
    ]);
    return rows[0];
  });
  expect(kept).toMatchObject({ code: 'pii_detected', canary_id: 'canary-1', suppressed: 0 });
});

test('refusals are listed newest first, page by page, and those of canaries only when asked for', async () => {
  const wrong = { 'x-scholar-protocol': 'v1' };
  const label = 'student_pilot';
  for (let count = 0; count < 12; count += 1) {
    await sendEvent(hub.url, { label, headers: wrong, ...(count % 4 === 3 ? { canary } : {}) });
  }
  const list = async (query: string) =>
    (await read(hub.url, `/rejected?app=${label}&${query}`)).body as {
      rejected: { id: string; canary_id: string | null }[];
      next_cursor: string | null;
    };
  const all = (await waitFor(async () => {
    const { rejected } = await list('simulated=include');
    return rejected.length === 12 && rejected;
  })) as { id: string; canary_id: string | null }[];
  const ids = all.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  const isCanary = all.map(({ canary_id }) => canary_id !== null);
  expect(isCanary.filter(Boolean)).toHaveLength(3);
  const real = all.filter((_, index) => !isCanary[index]);
  expect((await list('')).rejected).toEqual(real);
  expect((await list('simulated=only')).rejected).toEqual(all.filter((_, index) => isCanary[index]));
  const paged: unknown[] = [];
  for (let cursor: string | null = '999999'; cursor !== null; ) {
    const page = await list(`limit=5&cursor=${cursor}`);
    paged.push(...page.rejected);
    cursor = page.next_cursor;
  }
  expect(paged).toEqual(real);
});
