import { randomUUID } from 'node:crypto';
import { createBrowser, createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig({ ASK_TIMEOUT: '400ms' });
});
afterAll(() => rig.close());

async function signedIn(subject: string = randomUUID()) {
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_session', await rig.identity.userToken({ subject }));
  return browser;
}

/** Of a browser whose owner agreed that visits are counted. */
const AGREED = ['scholar_consent', 'views'] as const;

test('with consent looking at a page is one PageView of its route, of anonymous or of the student, with a random visit', async () => {
  const before = (await rig.a5.events()).length;
  const stranger = createBrowser(rig.a5);
  stranger.cookies.set(...AGREED);
  await stranger.get('/');
  await stranger.get('/login?next=%2Fask&email=me%40example.org');
  const student = await signedIn('u-7');
  student.cookies.set(...AGREED);
  await student.get('/matches');
  const views = (await rig.a5.events()).slice(before).map(({ event }) => event);
  expect(views).toEqual([
    expect.objectContaining({ event_type: 'PageView', actor_id: 'anonymous', source: '/' }),
    expect.objectContaining({ event_type: 'PageView', actor_id: 'anonymous', source: '/login' }),
    expect.objectContaining({ event_type: 'PageView', actor_id: 'u-7', source: '/matches' }),
  ]);
  expect(views[0]?.session_id).toBe(views[1]?.session_id);
  expect(views[0]?.session_id).toBe(stranger.cookies.get('scholar_visit'));
  expect(views[2]?.session_id).not.toBe(views[0]?.session_id);
});

test('a forged visit never reaches an event', async () => {
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_visit', 'me-at-example.org');
  browser.cookies.set(...AGREED);
  await browser.get('/');
  expect((await rig.a5.events()).at(-1)?.event.session_id).toMatch(/^[0-9a-f-]{36}$/);
});

test('redirects, forms and pages that do not exist are no page views', async () => {
  const before = (await rig.a5.events()).length;
  const browser = createBrowser(rig.a5);
  browser.cookies.set(...AGREED);
  expect((await browser.get('/profile')).status).toBe(303);
  expect((await browser.post('/login', {})).status).toBe(422);
  expect((await browser.get('/nothing')).status).toBe(404);
  expect((await rig.a5.events()).length).toBe(before);
});

test('a canary may look at a page, and that is simulated', async () => {
  await createBrowser(rig.a5).get('/', { 'x-scholar-canary': rig.a5.canaryToken() });
  expect((await rig.a5.events()).at(-1)?.event).toMatchObject({
    actor_id: 'canary',
    payload: { simulated: true },
  });
});

test.each(['/', '/scholarships', '/signup', '/login', '/profile', '/matches', '/ask'])(
  '%s is one document with a heading, labels for all its controls, and no script but islands of its own',
  async (path) => {
    const { status, text } = await (await signedIn()).get(path);
    expect(status).toBe(200);
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).not.toMatch(
      /<script(?! type="module" src="\/assets\/\w+\.js"><\/script>)|<style|style=|onclick/,
    );
    const ids = [...text.matchAll(/<(?:input|select|textarea) id="([^"]+)"/g)].map(([, id]) => id);
    for (const id of ids) expect(text).toContain(`<label for="${id}">`);
  },
);

test('a profile is kept, shown again, and what is left out is forgotten', async () => {
  const browser = await signedIn();
  await browser.post('/profile', { degree: 'master', field: 'law', age: '30' });
  const saved = await browser.get('/profile?saved=1');
  expect(saved.text).toContain('Saved.');
  expect(saved.text).toContain('<option value="master" selected>');
  expect(saved.text).toContain('value="30"');
  await browser.post('/profile', { field: 'arts' });
  const again = (await browser.get('/matches')).text;
  expect(again).toContain('value="arts"');
  expect(again).not.toContain('value="30"');
});

test('a profile with a wrong value is not saved', async () => {
  const browser = await signedIn();
  const { status, text } = await browser.post('/profile', { age: 'old' });
  expect([status, text.includes('This has to be your age in years')]).toEqual([422, true]);
  expect((await browser.get('/profile')).text).not.toContain('value="old"');
});

describe('/ask', () => {
  const ANSWER = {
    answer: 'First.\n\nSecond <b>.',
    citations: [{ title: 'Essays', source: 'guide/essays#how', excerpt: 'One story.' }],
    supported: true,
    latency_ms: 3,
  };

  test('shows the answer with its sources, escaped, and keeps the question', async () => {
    rig.answers.a4 = () => ({ status: 200, body: ANSWER });
    const browser = await signedIn('u-9');
    const { status, text } = await browser.post('/ask', { question: ' How do I write? ' });
    expect(status).toBe(200);
    expect(text).toContain('<p>Second &lt;b&gt;.</p>');
    expect(text).toContain('guide/essays#how');
    expect(text).toContain(' How do I write? </textarea>');
    expect(JSON.parse(rig.a4.requests.at(-1)?.body ?? '')).toEqual({
      question: 'How do I write?',
      student_id: 'u-9',
    });
  });

  test('says so when nobody answers, in time, and keeps the question', async () => {
    rig.answers.a4 = () => new Promise((late) => setTimeout(() => late({ status: 200, body: ANSWER }), 900));
    const { status, text } = await (await signedIn()).post('/ask', { question: 'Why?' });
    expect([status, text.includes('cannot be answered just now'), text.includes('Why?</textarea>')]).toEqual([
      200,
      true,
      true,
    ]);
  });

  test('an empty or endless question is said beside its field', async () => {
    const browser = await signedIn();
    for (const question of ['  ', 'x'.repeat(501)]) {
      const { status, text } = await browser.post('/ask', { question });
      expect([status, text.includes('id="field-question-error"')]).toEqual([422, true]);
    }
  });

  test('answers a program in JSON, and a canary without a sign-in', async () => {
    rig.answers.a4 = () => ({ status: 200, body: ANSWER });
    const response = await rig.a5.fetch('/ask', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-scholar-canary': rig.a5.canaryToken() },
      body: JSON.stringify({ question: 'Why?' }),
    });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { answering: 'ok', supported: true },
    ]);
  });
});
