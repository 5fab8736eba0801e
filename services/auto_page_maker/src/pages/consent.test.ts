import { type PageMakerRig, startPageMaker } from '../testing/page-maker-rig.ts';

let rig: PageMakerRig;
beforeAll(async () => {
  rig = await startPageMaker();
});
afterAll(() => rig.stop());

const AGREED = 'scholar_consent=views';
const look = (path: string, headers: Record<string, string> = {}) =>
  rig.fetch(path, { headers: { accept: 'text/html', ...headers } });
const sources = async () =>
  (await rig.events()).map(({ event: { event_type, source } }) => [event_type, source]);

test('a page is counted with consent alone, whatever a visitor typed as its address', async () => {
  await look('/');
  await look('/', { cookie: 'scholar_consent=none' });
  await look('/thanks', { 'sec-gpc': '1' });
  expect(await sources()).toEqual([]);
  await look('/', { cookie: AGREED });
  await look('/thanks', { cookie: AGREED });
  await look('/p/nowhere-12345678', { cookie: AGREED });
  expect(await sources()).toEqual([
    ['PageView', '/'],
    ['PageView', '/thanks'],
  ]);
});

test('a kept copy asks what this browser was asked: its tag differs by the answer, and caches are told', async () => {
  const [unasked, agreed] = [await look('/'), await look('/', { cookie: AGREED })];
  expect(unasked.headers.get('vary')?.toLowerCase()).toContain('cookie');
  const tag = unasked.headers.get('etag') ?? '';
  expect(agreed.headers.get('etag')).not.toBe(tag);
  // Without the first, fetch itself would say that it wants no copy.
  const again = { 'cache-control': 'max-age=0', 'if-none-match': tag };
  expect((await look('/', again)).status).toBe(304);
  expect((await look('/', { ...again, cookie: AGREED })).status).toBe(200);
  expect(await agreed.text()).toContain('Stop counting my visits');
});

test('an answer is taken from a form without scripts and leads back to the page', async () => {
  const response = await rig.fetch('/consent', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ choice: 'yes', back: '/thanks' }).toString(),
  });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/thanks']);
  expect(response.headers.getSetCookie()[0]).toContain(AGREED);
});
