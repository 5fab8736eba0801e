import { createHealth } from '../../health/index.ts';
import { silentLogger } from '../../log/index.ts';
import { createMetrics } from '../../metrics/index.ts';
import {
  askConsent,
  consentOf,
  createApp,
  HTTP_METRICS,
  html,
  type Listening,
  listen,
  sendPage,
} from '../index.ts';

let server: Listening;
let url: string;

beforeAll(async () => {
  const app = createApp({
    service: 'Pages',
    log: silentLogger(),
    health: createHealth(),
    metrics: createMetrics(HTTP_METRICS),
    routes(express) {
      askConsent(express);
      const page = { title: 'A page', body: html`<h1>A page</h1>` };
      express.get('/page', (_request, response) => sendPage(response, page));
      express.post('/page', (_request, response) => sendPage(response, page, 422));
    },
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close());

const page = async (headers: Record<string, string> = {}, path = '/page') =>
  (await fetch(`${url}${path}`, { headers })).text();
const answer = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${url}/consent`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const buttons = (markup: string) =>
  [...markup.matchAll(/<button[^>]*>[^<]*<\/button>/g)].map(([button]) => button);

test('a page asks without pressing: at its end, two answers that look alike, none of them taken for granted', async () => {
  const markup = await page();
  const [yes = '', no = '', ...more] = buttons(markup);
  expect(more).toEqual([]);
  const bare = (button: string) => button.replace(/value="\w+"|>.*/g, '');
  expect(bare(yes)).toBe(bare(no));
  expect(markup.indexOf('class="consent"')).toBeGreaterThan(markup.indexOf('</main>'));
  expect(markup).not.toMatch(/checked|autofocus|<script/);
});

test('an answer is remembered for half a year by a word and no id, leads back, and can be taken back on every page', async () => {
  const yes = await answer({ choice: 'yes', back: '/page?of=7' });
  expect([yes.status, yes.headers.get('location')]).toEqual([303, '/page?of=7']);
  expect(yes.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^scholar_consent=views; Max-Age=15552000; Path=\/; .*HttpOnly; SameSite=Lax$/),
  ]);
  const given = await page({ cookie: 'scholar_consent=views' });
  expect(buttons(given)).toEqual([expect.stringContaining('value="no">Stop counting my visits')]);
  const no = await answer(
    { choice: 'no', back: '/page' },
    { cookie: 'scholar_consent=views; scholar_visit=1' },
  );
  expect(no.headers.getSetCookie().join('\n')).toMatch(/scholar_consent=none; [\s\S]*scholar_visit=;.*1970/);
  expect(buttons(await page({ cookie: 'scholar_consent=none' }))).toEqual([
    expect.stringContaining('value="yes">Count my visits'),
  ]);
});

test('silence is no consent, an unknown answer is none, and Global Privacy Control says no', () => {
  const of = (headers: Record<string, string>) => consentOf({ headers });
  expect(of({})).toBe('unasked');
  expect(of({ cookie: 'scholar_consent=1' })).toBe('unasked');
  expect(of({ 'sec-gpc': '1' })).toBe('refused');
  expect(of({ 'sec-gpc': '1', cookie: 'scholar_consent=views' })).toBe('given');
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a b', '', `/${'x'.repeat(2_000)}`])(
  'an answer never leads to %p',
  async (back) => {
    expect((await answer({ choice: 'no', back })).headers.get('location')).toBe('/');
  },
);

test('a page of another site answers for nobody; the answer to a form does not ask', async () => {
  const foreign = await answer({ choice: 'yes', back: '/' }, { 'sec-fetch-site': 'cross-site' });
  expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([403, []]);
  const form = await fetch(`${url}/page`, { method: 'POST' });
  expect(await form.text()).not.toContain('class="consent"');
});
