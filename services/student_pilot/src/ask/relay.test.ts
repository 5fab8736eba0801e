import { formatMessage, readMessages, type SseMessage } from '@scholar/runtime/sse';
import type { StubAnswer } from '@scholar/runtime/testing';
import { waitFor } from '@scholar/runtime/testing';
import { barriersOf, browserPath, launchBrowser } from '@scholar/runtime/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { createPilotRig, type PilotRig } from '../testing/pilot-rig.ts';

const CITATIONS = [{ title: 'Essays', source: 'guide/essays#how', excerpt: 'one story' }];
const SOURCES = formatMessage('sources', { citations: CITATIONS });
const text = (words: string) => formatMessage('text', { text: words });
const done = (answer: string) =>
  formatMessage('done', { answer_id: 'a-1', answer, citations: CITATIONS, supported: true, note: 'A note.' });

const tells = (pieces: () => AsyncGenerator<string>): StubAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: pieces(),
});

let rig: PilotRig;
beforeAll(async () => {
  rig = await createPilotRig({ ASK_TIMEOUT: '2s' });
});
afterAll(() => rig.close());

async function ask(question: unknown, init: RequestInit = {}): Promise<Response> {
  const token = await rig.identity.userToken({ subject: 'u-1' });
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'text/event-stream',
    'content-type': 'application/json',
    ...init.headers,
  };
  return rig.a5.fetch('/ask', { method: 'POST', body: JSON.stringify({ question }), ...init, headers });
}

async function told(question: string): Promise<SseMessage[]> {
  const response = await ask(question);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const messages: SseMessage[] = [];
  if (response.body)
    for await (const each of readMessages(response.body, { maxBytes: 1e6 })) messages.push(each);
  return messages;
}

test('what scholarship_sage tells is passed on as it comes, and it is told for whom', async () => {
  rig.answers.a4 = () =>
    tells(async function* pieces() {
      yield SOURCES + text('Tell one story [1]. ');
      yield done('Tell one story [1].');
    });
  const messages = await told('How?');
  expect(messages.map(({ event }) => event)).toEqual(['sources', 'text', 'done']);
  expect(JSON.parse(messages[2]?.data ?? '')).toMatchObject({ answer_id: 'a-1', citations: CITATIONS });
  const request = rig.a4.requests.at(-1);
  expect(request?.headers.accept).toBe('text/event-stream');
  expect(JSON.parse(request?.body ?? '')).toEqual({ question: 'How?', student_id: 'u-1' });
});

test.each<[string, () => StubAnswer | Promise<StubAnswer>]>([
  ['is away', () => ({ status: 503, body: 'away' })],
  ['streams nothing', () => ({ status: 200, body: { answer: 'x' } })],
  ['is silent', () => new Promise<StubAnswer>(() => undefined)],
  [
    'falls silent',
    () =>
      tells(async function* pieces() {
        yield SOURCES;
        await new Promise((late) => setTimeout(late, 10_000).unref());
      }),
  ],
  [
    'ends in the middle',
    () =>
      tells(async function* pieces() {
        yield SOURCES + text('Tell ');
      }),
  ],
  [
    'is cut in the middle',
    () =>
      tells(async function* pieces() {
        yield SOURCES + text('Tell ');
        throw new Error('cut');
      }),
  ],
  [
    'says nonsense',
    () =>
      tells(async function* pieces() {
        yield 'event: text\ndata: {"text":\n\n';
      }),
  ],
])('when scholarship_sage %s, the stream says that it broke', async (_case, answer) => {
  rig.answers.a4 = answer;
  const messages = await told('How?');
  expect(messages.at(-1)?.event).toBe('broken');
  expect(messages.map(({ event }) => event)).not.toContain('done');
});

test('a browser that leaves ends the request to scholarship_sage', async () => {
  let ended = false;
  rig.answers.a4 = () =>
    tells(async function* pieces() {
      try {
        yield SOURCES;
        for (;;) {
          await new Promise((next) => setTimeout(next, 20));
          yield text('Tell. ');
        }
      } finally {
        ended = true;
      }
    });
  const leaves = new AbortController();
  const response = await ask('How?', { signal: leaves.signal });
  await response.body?.getReader().read();
  leaves.abort();
  await waitFor(() => ended, { what: 'the end of the request to scholarship_sage' });
});

test('nobody in particular, and what is no question, is refused with a status', async () => {
  expect((await ask('How?', { headers: { authorization: '' } })).status).toBe(401);
  expect((await ask('')).status).toBe(422);
});

const executable = browserPath();
// Said by the count of skipped tests, and how to have a browser: make browser.
const inBrowser = executable === undefined ? describe.skip : describe;

inBrowser('the island of the page', () => {
  let browser: Browser;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  }, 120_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    faults = [];
    const context = await browser.newContext();
    context.setDefaultTimeout(30_000);
    context.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    const value = await rig.identity.userToken({ subject: 'u-1' });
    await context.addCookies([{ name: 'scholar_session', value, url: rig.a5.url }]);
    page = await context.newPage();
    await page.goto(`${rig.a5.url}/ask`);
    await page.getByLabel('Your question').fill('How do I write <b>an essay</b>?');
  });
  afterEach(() => page.context().close());
  const press = () => page.getByRole('button', { name: 'Ask', exact: true }).click();

  test('shows sources and sentences while they come, and the whole at the end, without loading a page', async () => {
    const { promise: seen, resolve: goOn } = Promise.withResolvers<void>();
    rig.answers.a4 = () =>
      tells(async function* pieces() {
        yield SOURCES + text('Tell <i>one</i> story [1]. ');
        await seen;
        yield formatMessage('replaced', { citations: CITATIONS }) + text('Tell two stories.');
        yield done('Tell two stories [1].');
      });
    await press();
    await page.getByText('Tell <i>one</i> story [1].').waitFor();
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    expect(await page.getByLabel('Your question').inputValue()).toBe('How do I write <b>an essay</b>?');
    goOn();
    await page.getByText('Tell two stories [1].').waitFor();
    await page.getByText('A note.').waitFor();
    expect(await page.getByText('one story', { exact: false }).count()).toBe(1);
    expect(await page.getByText('<i>one</i>').count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('says that an answer broke off', async () => {
    rig.answers.a4 = () =>
      tells(async function* pieces() {
        yield SOURCES + text('Tell one story [1]. ');
      });
    await press();
    await page.getByText('what you see is no answer').waitFor();
    expect(faults).toEqual([]);
  });

  test('sends the form as a form where there is no stream', async () => {
    rig.answers.a4 = ({ headers }) =>
      headers.accept === 'text/event-stream'
        ? { status: 500, body: 'none asked for one' }
        : { status: 200, body: { answer: 'As a page.', citations: CITATIONS, supported: true } };
    await page.context().clearCookies();
    await press();
    // The session has ended: only the page that answers a form can say so.
    await page.waitForURL(/\/login/);
  });
});
