import { createBrowser, createPilotRig, type PilotRig } from './testing/pilot-rig.ts';

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig();
});
afterAll(() => rig.close());

const views = async (since: number) =>
  (await rig.a5.events()).slice(since).filter(({ event }) => event.event_type === 'PageView');
const soFar = async () => (await rig.a5.events()).length;

test('nobody is counted before they agree, nor after they took it back; no id of a visit without it', async () => {
  const before = await soFar();
  const browser = createBrowser(rig.a5);
  expect((await browser.get('/')).text).toContain('Do not count them');
  await browser.get('/login');
  expect([await views(before), [...browser.cookies.keys()]]).toEqual([[], []]);
  expect(await browser.post('/consent', { choice: 'yes', back: '/login' })).toMatchObject({
    status: 303,
    location: '/login',
  });
  expect((await browser.get('/login')).text).toContain('Stop counting my visits');
  expect(await views(before)).toHaveLength(1);
  expect(browser.cookies.get('scholar_visit')).toMatch(/^[0-9a-f-]{36}$/);
  await browser.post('/consent', { choice: 'no', back: '/' });
  await browser.get('/');
  expect(await views(before)).toHaveLength(1);
  expect([...browser.cookies.keys()]).toEqual(['scholar_consent']);
});

test('who is signed in and has not agreed is not counted either, and what they do is', async () => {
  const before = await soFar();
  const browser = createBrowser(rig.a5);
  browser.cookies.set('scholar_session', await rig.identity.userToken({ subject: 'u-3' }));
  rig.answers.a3 = () => ({ status: 503, body: {} });
  await browser.get('/matches');
  await browser.post('/matches', { field: 'law' });
  const events = (await rig.a5.events()).slice(before).map(({ event }) => event);
  expect(events).toMatchObject([{ event_type: 'ScholarshipMatchRequested', actor_id: 'u-3' }]);
  expect(events[0]).not.toHaveProperty('session_id');
});

test('a browser with Global Privacy Control is not asked to agree and not counted', async () => {
  const before = await soFar();
  const { text } = await createBrowser(rig.a5).get('/', { 'sec-gpc': '1' });
  expect(text).toContain('Your visits are not counted');
  expect(await views(before)).toEqual([]);
});
