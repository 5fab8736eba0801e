import { randomUUID } from 'node:crypto';
import { canaryEventId } from '@scholar/contract';
import type { StubAnswer } from '@scholar/runtime/testing';
import { createBrowser, createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const HIT = {
  scholarship_id: 's-1',
  title: 'Oak <Grant>',
  score: 71,
  why: ['It supports your field.'],
  missing: ['Your GPA: it asks for at least 3.'],
};
const PROFILE = { degree: 'bachelor', field: 'engineering', gpa: 3.6, age: 20 };

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig({ MATCH_TIMEOUT: '2s' });
});
afterAll(() => rig.close());
beforeEach(() => {
  rig.a1Away = false;
  rig.answers.a3 = () => ({
    status: 200,
    body: { matches: [HIT], considered: 1, catalogue: 'current', latency_ms: 2 },
  });
});

async function signedIn(subject: string = randomUUID()) {
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_session', await rig.identity.userToken({ subject }));
  return { browser, subject };
}

async function postJson(body: unknown, headers: Record<string, string>) {
  const response = await rig.a5.fetch('/matches', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const bearer = async (subject: string = randomUUID()) => ({
  authorization: `Bearer ${await rig.identity.userToken({ subject })}`,
});

async function rowOf(requestId: unknown): Promise<Record<string, unknown> | undefined> {
  const { rows } = await rig.a5.pool.query('SELECT * FROM match_requests WHERE request_id = $1', [requestId]);
  return rows[0];
}

test('a form gives a page with the matches, why, and what is missing, all of it escaped', async () => {
  const { browser, subject } = await signedIn();
  browser.cookies.set('scholar_consent', 'views');
  const { status, text } = await browser.post('/matches', { field: 'engineering', gpa: '3,6', degree: '' });
  expect(status).toBe(200);
  expect(text).toContain('One scholarship fits');
  expect(text).toContain('Oak &lt;Grant&gt;');
  expect(text).toContain('It supports your field.');
  expect(text).toContain('Your GPA: it asks for at least 3.');
  expect(text).toContain('value="engineering"');

  const request = rig.a3.requests.at(-1);
  expect(request?.headers.authorization).toMatch(/^Bearer ey/);
  expect(JSON.parse(request?.body ?? '')).toEqual({
    profile: { field: 'engineering', gpa: 3.6 },
    student_id: subject,
  });

  const event = (await rig.a5.events()).at(-1);
  expect(event?.event).toMatchObject({
    event_type: 'ScholarshipMatchRequested',
    actor_id: subject,
    source: '/matches',
    session_id: browser.cookies.get('scholar_visit') ?? 'no visit',
  });
  const row = await rowOf(event?.event.payload['reference']);
  expect(row).toMatchObject({
    event_id: event?.eventId,
    user_id: subject,
    outcome: 'ok',
    matches: 1,
    simulated: false,
  });
});

test('what is missed by little stands in a list of its own, with what is missing; an answer without such a list has none', async () => {
  const short = 'It asks for a GPA of at least 3.8: yours is 0.2 below.';
  const near = {
    ...HIT,
    scholarship_id: 's-2',
    title: 'Elm <Award>',
    missing: [short, 'Your age: from 18.'],
  };
  const { browser } = await signedIn();
  const fields = { field: 'engineering', gpa: '3.6' };
  expect((await browser.post('/matches', fields)).text).not.toContain('Just missed');
  rig.answers.a3 = () => ({ status: 200, body: { matches: [], near_misses: [near], catalogue: 'current' } });
  const { text } = await browser.post('/matches', fields);
  const [before, after] = text.split('Just missed</h2>');
  expect(before).toContain('Nothing in the catalogue fits');
  for (const said of ['Elm &lt;Award&gt;', short, 'Your age: from 18.']) expect(after).toContain(said);
});

test('a wrong value is said beside its field, what was typed is kept, and nothing was requested', async () => {
  const { browser } = await signedIn();
  const before = (await rig.a5.events()).length;
  const { status, text } = await browser.post('/matches', { gpa: '4.5', citizenship: 'USA', field: 'law' });
  expect(status).toBe(422);
  expect(text).toContain('id="field-gpa-error">This has to be a number from 0 to 4');
  expect(text).toContain('id="field-citizenship-error"');
  expect(text).toMatch(/value="4.5"[\s\S]*|value="law"/);
  expect((await rig.a5.events()).length).toBe(before);
});

test('a program sends JSON and gets JSON; without a profile the stored one is used', async () => {
  const subject = randomUUID();
  const first = await postJson({ profile: PROFILE }, await bearer(subject));
  expect(first).toEqual({
    status: 200,
    body: { request_id: expect.any(String), matches: [HIT], near_misses: [], matching: 'ok' },
  });
  expect(await rowOf(first.body['request_id'])).toMatchObject({ user_id: subject });

  const { browser } = await signedIn(subject);
  expect((await browser.post('/profile', { field: 'law', income_band: '2' })).location).toBe(
    '/profile?saved=1',
  );
  await postJson({}, await bearer(subject));
  expect(JSON.parse(rig.a3.requests.at(-1)?.body ?? '').profile).toEqual({ field: 'law', income_band: 2 });
});

test('a program that nobody knows, a service, and a wrong profile are refused in JSON', async () => {
  expect(await postJson({ profile: PROFILE }, {})).toMatchObject({
    status: 401,
    body: { code: 'unauthorized' },
  });
  const service = { authorization: `Bearer ${await rig.identity.serviceToken('auto_page_maker')}` };
  expect((await postJson({ profile: PROFILE }, service)).status).toBe(403);
  expect(await postJson({ profile: { gpa: 7 } }, await bearer())).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/profile/gpa' }] },
  });
});

test('a canary needs no sign-in, its event has the id that its prober knows, and its token travels on', async () => {
  const canaryId = randomUUID();
  const canary = rig.a5.canaryToken(canaryId);
  const { status, body } = await postJson({ profile: PROFILE }, { 'x-scholar-canary': canary });
  expect([status, body['matching']]).toEqual([200, 'ok']);
  const eventType = 'ScholarshipMatchRequested';
  const eventId = canaryEventId({ key: rig.a5.canaryKey, canaryId, label: 'student_pilot', eventType });
  const event = (await rig.a5.events()).find((each) => each.eventId === eventId);
  expect(event?.event).toMatchObject({ actor_id: 'canary', payload: { simulated: true } });
  expect(await rowOf(body['request_id'])).toMatchObject({ simulated: true });
  expect(rig.a3.requests.at(-1)?.headers['x-scholar-canary']).toBe(canary);
});

test.each<[string, () => StubAnswer | Promise<StubAnswer>]>([
  ['fails', () => ({ status: 500, body: 'no' })],
  ['refuses us', () => ({ status: 401, body: {} })],
  ['talks nonsense', () => ({ status: 200, body: { matches: 'many' } })],
  ['has no catalogue', () => ({ status: 200, body: { matches: [], catalogue: 'unavailable' } })],
  ['is slow', () => new Promise((late) => setTimeout(() => late({ status: 200, body: {} }), 4_000))],
])(
  'when scholarship_agent %s the page still answers, and the request is an event all the same',
  async (_case, answer) => {
    rig.answers.a3 = answer;
    const { browser } = await signedIn();
    const before = (await rig.a5.events()).length;
    const page = await browser.post('/matches', { field: 'law' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Matching is not available just now');
    expect(page.text).toContain('value="law"');
    const json = await postJson({ profile: PROFILE }, await bearer());
    expect(json).toMatchObject({ status: 200, body: { matches: [], matching: 'unavailable' } });
    expect(await rowOf(json.body['request_id'])).toMatchObject({ outcome: 'unavailable' });
    expect((await rig.a5.events()).length).toBe(before + 2);
  },
);

test('without A3_URL, and with scholar_auth giving no token, it is the same', async () => {
  const alone = await createPilotRig({ A3_URL: '', A4_URL: '' });
  alone.a1Away = true;
  const headers = { 'content-type': 'application/json', 'x-scholar-canary': alone.a5.canaryToken() };
  const response = await alone.a5.fetch('/matches', { method: 'POST', headers, body: '{"profile":{}}' });
  expect([response.status, await response.json()]).toMatchObject([200, { matching: 'unavailable' }]);
  expect((await alone.a5.fetch('/ready')).status).toBe(200);
  expect((await alone.a5.fetch('/')).status).toBe(200);
  await alone.close();
});
