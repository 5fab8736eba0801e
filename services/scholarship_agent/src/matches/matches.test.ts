import { randomUUID } from 'node:crypto';
import { canaryEventId } from '@scholar/contract';
import {
  createHttpStub,
  createServiceHarness,
  type HttpStub,
  type ServiceHarness,
  waitFor,
} from '@scholar/runtime/testing';
import { service } from '../service.ts';
import { scholarship } from '../testing/scholarships.ts';

const PROFILE = { degree: 'bachelor', field: 'engineering', gpa: 3.6, age: 20 };
const CATALOGUE = [
  scholarship({ id: 'open', title: 'Open to all' }),
  scholarship({ id: 'eng', title: 'For engineers', fields_of_study: ['engineering'] }),
  scholarship({ id: 'law', title: 'For lawyers', fields_of_study: ['law'] }),
  scholarship({ id: 'best', title: 'For the best', min_gpa: 3.8 }),
];

type Listed = { scholarship_id: string; why: string[]; missing: string[] }[];
type Answer = { matches: Listed; near_misses: Listed; catalogue: string; latency_ms: number };

let a2: HttpStub;
let a3: ServiceHarness;
let a2Status = 200;

beforeAll(async () => {
  a2 = await createHttpStub(() => ({
    status: a2Status,
    body: { scholarships: CATALOGUE, next_cursor: null },
  }));
  a3 = await createServiceHarness(service, { env: { A2_URL: a2.url, CATALOGUE_REFRESH: '200ms' } });
});
afterAll(async () => {
  await a3.stop();
  await a2.close();
});

async function ask(
  harness: ServiceHarness,
  body: unknown,
  headers: Record<string, string>,
): Promise<{ status: number; body: Answer }> {
  const response = await harness.fetch('/matches', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function askCurrent(body: unknown, headers: Record<string, string>): Promise<Answer> {
  return waitFor(async () => {
    const answer = await ask(a3, body, headers);
    return answer.body.catalogue === 'current' ? answer.body : undefined;
  });
}

test('a student gets ranked matches with reasons, and the result is an event beside its run', async () => {
  const subject = randomUUID();
  const answer = await askCurrent({ profile: PROFILE }, bearer(await a3.identity.userToken({ subject })));
  expect(answer).toMatchObject({ considered: 4, eligible: 2 });
  expect(answer.matches.map(({ scholarship_id }) => scholarship_id)).toEqual(['eng', 'open']);
  expect(answer.matches[0]?.why).toContain('It supports your field (engineering).');
  expect(answer.near_misses).toMatchObject([
    { scholarship_id: 'best', missing: ['It asks for a GPA of at least 3.8: yours is 0.2 below.'] },
  ]);

  const event = (await a3.events()).at(-1);
  expect(event?.event).toMatchObject({
    event_type: 'ScholarshipMatchResult',
    actor_id: subject,
    source: '/matches',
    payload: { success: true, latency_ms: answer.latency_ms },
  });
  const { rows } = await a3.pool.query('SELECT * FROM match_runs WHERE event_id = $1', [event?.eventId]);
  expect(rows).toEqual([
    expect.objectContaining({
      considered: 4,
      eligible: 2,
      returned: 2,
      success: true,
      asked_by: 'user',
      simulated: false,
    }),
  ]);
  expect(JSON.stringify(rows)).not.toContain(subject);
});

test('the catalogue is read as a service, so that it counts as no page view', async () => {
  await waitFor(() => a2.requests.length > 0);
  expect(a2.requests[0]?.path).toBe('/scholarships?limit=200');
  expect(a2.requests[0]?.headers.authorization).toMatch(/^Bearer ey/);
});

test('a service asks for a student; a user cannot speak for another one', async () => {
  const studentId = randomUUID();
  const body = { profile: {}, student_id: studentId };
  await ask(a3, body, bearer(await a3.identity.serviceToken('student_pilot')));
  expect((await a3.events()).at(-1)?.event.actor_id).toBe(studentId);
  await ask(a3, body, bearer(await a3.identity.userToken({ subject: 'somebody-else' })));
  expect((await a3.events()).at(-1)?.event.actor_id).toBe('somebody-else');
});

test('a canary gets a simulated event under the id that its prober knows, also through a service', async () => {
  for (const passedOn of [{}, bearer(await a3.identity.serviceToken('student_pilot'))]) {
    const canaryId = randomUUID();
    const headers = { 'x-scholar-canary': a3.canaryToken(canaryId), ...passedOn };
    expect((await ask(a3, { profile: PROFILE }, headers)).status).toBe(200);
    const label = 'scholarship_agent';
    const eventId = canaryEventId({
      key: a3.canaryKey,
      canaryId,
      label,
      eventType: 'ScholarshipMatchResult',
    });
    const event = (await a3.events()).find((each) => each.eventId === eventId);
    expect(event?.event.payload).toMatchObject({ simulated: true });
    const { rows } = await a3.pool.query('SELECT simulated FROM match_runs WHERE event_id = $1', [eventId]);
    expect(rows).toEqual([{ simulated: true }]);
  }
});

test('nobody in particular is refused, and so is a profile that makes no sense', async () => {
  expect((await ask(a3, { profile: PROFILE }, {})).status).toBe(401);
  expect((await ask(a3, { profile: PROFILE }, { 'x-scholar-canary': 'forged.1.x' })).status).toBe(401);
  const student = bearer(await a3.identity.userToken());
  const wrong = await ask(a3, { profile: { gpa: 9 }, student_id: 'me@example.org' }, student);
  expect(wrong).toMatchObject({
    status: 422,
    body: { code: 'validation_failed', errors: [{ pointer: '/profile/gpa' }, { pointer: '/student_id' }] },
  });
  expect((await ask(a3, {}, student)).status).toBe(422);
});

test('with scholarship_api down the last copy is used', async () => {
  const student = bearer(await a3.identity.userToken());
  await askCurrent({ profile: PROFILE }, student);
  a2Status = 503;
  const answer = await waitFor(async () => {
    const { status, body } = await ask(a3, { profile: PROFILE }, student);
    expect(status).toBe(200);
    return body.catalogue === 'stale' ? body : undefined;
  });
  expect(answer.matches).toHaveLength(2);
  a2Status = 200;
  await askCurrent({ profile: PROFILE }, student);
});

test.each([
  ['an address where nobody listens', { A2_URL: 'http://127.0.0.1:9' }],
  ['no address', {}],
])('with %s and no copy the answer is empty, 200, and the event says that it failed', async (_case, env) => {
  const alone = await createServiceHarness(service, { env });
  try {
    const answer = await ask(alone, { profile: PROFILE }, bearer(await alone.identity.userToken()));
    expect(answer).toMatchObject({
      status: 200,
      body: { matches: [], considered: 0, catalogue: 'unavailable' },
    });
    expect((await alone.events()).map(({ event }) => event.payload['success'])).toEqual([false]);
    expect((await alone.fetch('/ready')).status).toBe(200);
  } finally {
    await alone.stop();
  }
});
