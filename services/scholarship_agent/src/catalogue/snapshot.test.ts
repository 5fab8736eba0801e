import { silentLogger } from '@scholar/runtime/log';
import { FakeClock, waitFor } from '@scholar/runtime/testing';
import { scholarship } from '../testing/scholarships.ts';
import type { FetchPage } from './catalogue-api.ts';
import { parseCataloguePage } from './scholarship.ts';
import { createCatalogueSnapshot } from './snapshot.ts';

function rig(fetchPage: FetchPage) {
  const clock = new FakeClock();
  const snapshot = createCatalogueSnapshot({
    fetchPage,
    clock,
    random: () => 0.5,
    log: silentLogger(),
    intervalMs: 60_000,
  });
  // A walk is over when the loop sleeps again.
  const walked = () => waitFor(() => clock.sleeping > 0);
  return { clock, snapshot, walked };
}

const page = (ids: string[], nextCursor?: string) => ({
  scholarships: ids.map((id) => scholarship({ id })),
  nextCursor,
});

test('a walk follows the cursor and counts each scholarship once', async () => {
  const { snapshot, walked } = rig(async (cursor) => (cursor ? page(['b', 'c']) : page(['a', 'b'], 'next')));
  expect(snapshot.current()).toBeUndefined();
  snapshot.start();
  await walked();
  expect(snapshot.current()?.scholarships.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(snapshot.current()?.state).toBe('current');
  await snapshot.stop();
});

test('while scholarship_api is away the last copy stays, marked stale, and is renewed soon after it is back', async () => {
  let answers: FetchPage = async () => page(['a']);
  const { clock, snapshot, walked } = rig((...args) => answers(...args));
  snapshot.start();
  await walked();
  // Half a walk is no catalogue either.
  answers = async (cursor) => {
    if (cursor) throw new Error('gone');
    return page(['z'], 'next');
  };
  await clock.advance(60_000);
  await walked();
  expect(snapshot.current()).toMatchObject({ state: 'stale', scholarships: [{ id: 'a' }] });
  answers = async () => page(['b']);
  await clock.advance(10_100);
  await walked();
  expect(snapshot.current()).toMatchObject({ state: 'current', scholarships: [{ id: 'b' }] });
  await snapshot.stop();
});

test('a cursor that never ends is given up', async () => {
  let pages = 0;
  const { snapshot, walked } = rig(async () => {
    pages += 1;
    return page(['a'], 'again');
  });
  snapshot.start();
  await walked();
  expect(pages).toBe(1_000);
  expect(snapshot.current()).toBeUndefined();
  await snapshot.stop();
});

test('an entry that makes no sense is left out, an answer that makes none is refused', () => {
  const parsed = parseCataloguePage({
    scholarships: [
      { id: 'a', title: 'A', amount_cents: 1, currency: 'USD', new_field: 1 },
      { id: 'b' },
      null,
    ],
    next_cursor: null,
  });
  expect(parsed).toMatchObject({ scholarships: [{ id: 'a', degree_levels: [] }], nextCursor: undefined });
  expect(() => parseCataloguePage('<html>')).toThrow('not a page');
});
