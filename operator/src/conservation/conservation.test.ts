import { formatMinute, MINUTE_MS } from '@scholar/contract';
import { residualOf } from '../audit/conservation-view.ts';
import { createConservation } from './conservation.ts';
import { eventId, twoSides } from './testing/two-sides.ts';

const NOW = 30_000_000;
const sides = () => twoSides({ nowMs: NOW * MINUTE_MS });

async function compared(of: ReturnType<typeof twoSides>) {
  const view = await createConservation(of.deps)(of.forwarder);
  if (view === undefined) throw new Error('nothing was compared');
  return view;
}

test('where every acknowledged event is a row nothing is lacking, and no id is asked for', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2, 3);
  of.deliver(NOW - 3, 4);
  const view = await compared(of);
  expect(view).toMatchObject({ forwarderId: 'f-1', acknowledged: 4, lacking: [] });
  expect(of.state.asked).toEqual(['/conservation', '/operations/conservation']);
});

test('a deleted row is named by its minute and its id, those beside it are not', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2, 3, 4, 5, 6, 7);
  of.lose(2, 6);
  const view = await compared(of);
  expect(view.lacking).toEqual([
    {
      ...{ minute: formatMinute(NOW - 100), acknowledged: 7, beyond: 0, unnamed: 0 },
      missing: [eventId(2), eventId(6)],
    },
  ]);
});

test('the last two minutes by the clock of A8 are left alone: they are not over', async () => {
  const of = sides();
  of.deliver(NOW - 1, 1);
  of.deliver(NOW - 2, 2);
  of.deliver(NOW - 3, 3);
  of.lose(1, 2, 3);
  expect((await compared(of)).lacking.map(({ minute }) => minute)).toEqual([formatMinute(NOW - 3)]);
});

test('rows that A8 has beside are no loss: their answer got lost, and the forwarder sends them again', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2);
  of.state.acknowledged.delete(eventId(2));
  expect((await compared(of)).lacking).toEqual([]);
});

test('one row too many does not hide one that is missing', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2, 3);
  of.state.acknowledged.delete(eventId(2));
  of.lose(3);
  expect((await compared(of)).lacking.flatMap(({ missing }) => missing)).toEqual([eventId(3)]);
});

test('a row that came back later, or that another forwarder brought, is a row', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2);
  of.state.rows.set(eventId(1), { minute: NOW - 1, forwarder: 'f-1' });
  of.state.rows.set(eventId(2), { minute: NOW - 100, forwarder: 'f-2' });
  expect((await compared(of)).lacking).toEqual([]);
});

test('events that are gone on both sides are counted, as far as the rows do not speak against it', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2, 3, 4, 5);
  of.drop(1, 2, 3);
  of.lose(1, 2, 5);
  expect((await compared(of)).lacking).toEqual([
    {
      ...{ minute: formatMinute(NOW - 100), acknowledged: 5, unnamed: 0 },
      ...{ missing: [eventId(5)], beyond: 2 },
    },
  ]);
});

test('where nobody lists the ids the numbers still tell how many are missing', async () => {
  const of = sides();
  of.deliver(NOW - 100, 1, 2, 3);
  of.lose(1, 2);
  of.state.absent.add('/conservation/ids');
  const view = await compared(of);
  expect(view.lacking).toMatchObject([{ missing: [], beyond: 0, unnamed: 2 }]);
  of.state.absent.clear();
  of.state.isDatabaseAway = true;
  expect(residualOf(await compared(of))).toBe(2);
});

test.each(['/conservation', '/operations/conservation'])(
  'nothing is said where %s is not there: an older release, or nobody',
  async (path) => {
    const of = sides();
    of.deliver(NOW - 100, 1);
    of.lose(1);
    of.state.absent.add(path);
    expect(await createConservation(of.deps)(of.forwarder)).toBeUndefined();
  },
);

test('ten thousand are named at once, the next ones are counted and named by the next look', async () => {
  const of = twoSides({ nowMs: NOW * MINUTE_MS, pageSize: 4_000 });
  of.deliver(NOW - 100, ...Array.from({ length: 10_500 }, (_, index) => index));
  of.deliver(NOW - 50, 11_000, 11_001);
  of.state.rows.clear();
  const view = await compared(of);
  const numbers = view.lacking.map(({ missing, unnamed }) => [missing.length, unnamed]);
  expect(numbers).toEqual([
    [10_000, 500],
    [0, 2],
  ]);
  expect(residualOf(view)).toBe(10_502);
});

test('a second look compares little, and finds what is deleted in the whole day as soon as anything is missing', async () => {
  const of = sides();
  of.deliver(NOW - 700, 1);
  of.deliver(NOW - 5, 2);
  expect((await compared(of)).acknowledged).toBe(2);
  of.state.nowMs += MINUTE_MS;
  expect((await compared(of)).acknowledged).toBe(1);
  of.lose(1, 2);
  const view = await compared(of);
  expect(view.lacking.map(({ minute }) => minute)).toEqual([formatMinute(NOW - 700), formatMinute(NOW - 5)]);
  // And again, until they are back.
  expect(residualOf(await compared(of))).toBe(2);
});

test('an old row that is deleted alone is found within a day of looks', async () => {
  const of = sides();
  of.deliver(NOW - 700, 1);
  await compared(of);
  of.lose(1);
  const found: number[] = [];
  for (let look = 0; look < 23; look += 1) found.push(residualOf(await compared(of)));
  expect(found).toContain(1);
});

test('a difference that was looked into is not looked into again, and a new one of that minute is', async () => {
  const of = sides();
  of.deliver(NOW - 5, 1, 2);
  of.state.rows.set(eventId(1), { minute: NOW - 1, forwarder: 'f-1' });
  await compared(of);
  of.state.asked.length = 0;
  await compared(of);
  expect(of.state.asked).not.toContain('/conservation/ids');
  of.lose(2);
  expect(residualOf(await compared(of))).toBe(1);
});

test('behind the same name a new outbox is compared from its beginning', async () => {
  const of = sides();
  of.deliver(NOW - 700, 1);
  await compared(of);
  of.state.forwarderId = 'f-2';
  of.state.acknowledged.clear();
  of.deliver(NOW - 600, 2);
  of.lose(2);
  expect(await compared(of)).toMatchObject({
    forwarderId: 'f-2',
    lacking: [{ minute: formatMinute(NOW - 600) }],
  });
});
