import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { cookieOf, signIn } from '../testing/forms.ts';
import { exchange, read, report, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub, writeKey } from '../testing/start-hub.ts';
import { KeyLimit } from './key-limit.ts';

test('a key may make so many requests at once, and as many again in each second; another key has its own', () => {
  const limit = new KeyLimit(3);
  const taken = (key: string, nowMs: number) => [1, 2, 3, 4].map(() => limit.take(key, nowMs));
  expect(taken('a', 0)).toEqual([true, true, true, false]);
  expect(taken('b', 0)).toEqual([true, true, true, false]);
  expect(taken('a', 334)).toEqual([true, false, false, false]);
  expect(taken('a', 10_000)).toEqual([true, true, true, false]);
  // A clock that is set back gives nothing away.
  expect(taken('a', 5_000)).toEqual([false, false, false, false]);
});

describe('an A8 whose keys may make two requests a second', () => {
  let database: TestDatabase;
  let hub: RunningHub;
  const OTHER = 'other-key-of-the-tests-0000000000000000000000000';

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
    hub = await startHub({ databaseUrl: database.url, env: { KEY_REQUESTS_PER_SECOND: '2' } });
    await writeKey(hub.keysDir, 'other', { key: OTHER, role: 'emit' });
    await waitFor(async () => (await sendEvent(hub.url, { key: OTHER })).answer.status === 201);
  });

  afterAll(async () => {
    await hub.stop();
    await database.drop();
  });

  test('answers one too many with 429 and Retry-After, stores and records nothing of it, and takes it when sent again', async () => {
    const sent = await Promise.all(Array.from({ length: 30 }, () => sendEvent(hub.url)));
    const taken = sent.filter(({ answer }) => answer.status === 201);
    const refused = sent.filter(({ answer }) => answer.status !== 201);
    expect(taken.length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThan(0);
    for (const { eventId, answer } of refused) {
      expect(answer).toMatchObject({
        status: 429,
        headers: { 'retry-after': '1', 'content-type': 'application/problem+json' },
        body: { code: 'rate_limited', event_id: eventId },
      });
    }
    const ids = sent.map(({ eventId }) => eventId);
    const { rows } = await database.pool.query('SELECT event_id FROM events WHERE event_id = ANY ($1)', [
      ids,
    ]);
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual(taken.map(({ eventId }) => eventId).sort());
    const again = refused[0]?.eventId ?? '';
    await waitFor(async () => (await sendEvent(hub.url, { eventId: again })).answer.status === 201);
    expect((await database.pool.query('SELECT 1 FROM rejected_events')).rowCount).toBe(0);
  });

  test('lets no other key feel it', async () => {
    const otherWhileFlooded = async () => {
      const flood = Array.from({ length: 30 }, () => sendEvent(hub.url));
      const { answer } = await sendEvent(hub.url, { key: OTHER });
      const refused = (await Promise.all(flood)).some((sent) => sent.answer.status === 429);
      return refused && answer.status === 201;
    };
    await waitFor(otherWhileFlooded, { intervalMs: 300 });
  });

  test('says the same to a reader, to the operator and to a browser', async () => {
    const asked = await Promise.all(Array.from({ length: 30 }, () => read(hub.url, '/events')));
    const reported = await Promise.all(
      Array.from({ length: 30 }, () => report(hub.url, '/operations/heartbeats', {})),
    );
    const signedIn = await waitFor(async () => {
      const answer = await signIn(hub.url, KEYS.read);
      return answer.status === 303 ? answer : undefined;
    });
    const cookie = cookieOf(signedIn);
    const looked = await Promise.all(
      Array.from({ length: 30 }, () => exchange(hub.url, { method: 'GET', headers: { cookie } })),
    );
    for (const answers of [asked, reported, looked]) {
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
    }
  });
});
