import got from 'got';
import { createHttpStub, type HttpStub, type StubAnswer } from '../testing/index.ts';
import { createReadCatalogue } from './index.ts';

let stub: HttpStub;
let answer: (cursor: string | null) => StubAnswer;

beforeAll(async () => {
  stub = await createHttpStub(({ path }) =>
    answer(new URL(path, 'http://localhost').searchParams.get('cursor')),
  );
});
afterAll(() => stub.close());

const read = () =>
  createReadCatalogue({
    fetchJson: got.extend({ responseType: 'json', retry: { limit: 0 } }),
    serviceTokens: { get: async () => 'token-of-this-service' },
    a2Url: stub.url,
  })(new AbortController().signal);

const page = (ids: string[], next_cursor: string | null = null): StubAnswer => ({
  status: 200,
  body: { scholarships: ids.map((id) => ({ id, title: id })), next_cursor },
});

test('a walk follows the cursor as this service and gives each scholarship once', async () => {
  answer = (cursor) => (cursor ? page(['b', 'c']) : page(['a', 'b'], 'next'));
  const entries = await read();
  expect(entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(entries[0]).toEqual({ id: 'a', title: 'a' });
  expect(stub.requests[0]?.headers['authorization']).toBe('Bearer token-of-this-service');
});

test('half a walk is no catalogue', async () => {
  answer = (cursor) => (cursor ? { status: 503, body: {} } : page(['z'], 'next'));
  await expect(read()).rejects.toThrow('503');
});

test('a cursor that never ends is given up', async () => {
  let pages = 0;
  answer = () => {
    pages += 1;
    return page(['a'], 'again');
  };
  await expect(read()).rejects.toThrow('did not end');
  expect(pages).toBe(1_000);
});

test('an entry without an id is left out, an answer of another shape is never taken for an empty catalogue', async () => {
  answer = () => ({
    status: 200,
    body: { scholarships: [{ id: 'a' }, { title: 'b' }, null], next_cursor: null },
  });
  expect(await read()).toEqual([{ id: 'a' }]);
  for (const body of [undefined, 'ok', {}, { scholarships: 'none' }]) {
    answer = () => ({ status: 200, body: JSON.stringify(body) });
    await expect(read()).rejects.toThrow('not a page');
  }
});

test('without the address of scholarship_api it says what to set', async () => {
  const readNothing = createReadCatalogue({
    fetchJson: got,
    serviceTokens: { get: async () => '' },
    a2Url: undefined,
  });
  await expect(readNothing(new AbortController().signal)).rejects.toThrow('A2_URL is not set');
});
