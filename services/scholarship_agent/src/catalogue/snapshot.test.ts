import type { ReadCatalogue } from '@scholar/runtime/catalogue';
import { silentLogger } from '@scholar/runtime/log';
import { FakeClock, waitFor } from '@scholar/runtime/testing';
import { scholarship } from '../testing/scholarships.ts';
import { parseScholarships } from './scholarship.ts';
import { createCatalogueSnapshot } from './snapshot.ts';

function rig(readCatalogue: ReadCatalogue) {
  const clock = new FakeClock();
  const snapshot = createCatalogueSnapshot({
    readCatalogue,
    clock,
    random: () => 0.5,
    log: silentLogger(),
    intervalMs: 60_000,
  });
  // A walk is over when the loop sleeps again.
  const walked = () => waitFor(() => clock.sleeping > 0);
  return { clock, snapshot, walked };
}

const catalogue = (...ids: string[]) => ids.map((id) => scholarship({ id }));

test('there is no catalogue before the first walk has ended', async () => {
  const { snapshot, walked } = rig(async () => catalogue('a', 'b', 'c'));
  expect(snapshot.current()).toBeUndefined();
  snapshot.start();
  await walked();
  expect(snapshot.current()?.index.rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(snapshot.current()?.state).toBe('current');
  await snapshot.stop();
});

test('while scholarship_api is away the last copy stays, marked stale, and is renewed soon after it is back', async () => {
  let answers: ReadCatalogue = async () => catalogue('a');
  const { clock, snapshot, walked } = rig((signal) => answers(signal));
  snapshot.start();
  await walked();
  answers = async () => {
    throw new Error('gone');
  };
  await clock.advance(60_000);
  await walked();
  expect(snapshot.current()).toMatchObject({ state: 'stale', index: { rows: [{ id: 'a' }] } });
  answers = async () => catalogue('b');
  await clock.advance(10_100);
  await walked();
  expect(snapshot.current()).toMatchObject({ state: 'current', index: { rows: [{ id: 'b' }] } });
  await snapshot.stop();
});

test('a first walk that fails leaves no catalogue', async () => {
  const { snapshot, walked } = rig(async () => {
    throw new Error('gone');
  });
  snapshot.start();
  await walked();
  expect(snapshot.current()).toBeUndefined();
  await snapshot.stop();
});

test('an entry that makes no sense is left out', async () => {
  const entries = [
    { id: 'a', title: 'A', amount_cents: 1, currency: 'USD', new_field: 1 },
    { id: 'b' },
    null,
  ];
  const parsed = await parseScholarships(entries, async () => {});
  expect(parsed).toMatchObject([{ id: 'a', degree_levels: [] }]);
  expect(parsed).toHaveLength(1);
});
