import { digestOf, formatMinute, formatSum, type MinuteDigest } from '@scholar/contract';
import { differenceKey, differingMinutes, fewerRows } from './differing-minutes.ts';

const ids = (...numbers: number[]): string[] =>
  numbers.map((each) => `00000000-0000-4000-8000-${String(each).padStart(12, '0')}`);

const minute = (number: number, of: string[]): MinuteDigest => {
  const { count, sum } = digestOf(of);
  return { minute: formatMinute(number), count, sum: formatSum(sum) };
};

const found = (acknowledged: MinuteDigest[], held: MinuteDigest[], closedBefore = 100) =>
  differingMinutes({ acknowledged, held, closedBefore }).map((each) => each.minute);

test('equal sets differ in no minute, whatever the order of the minutes', () => {
  const both = [minute(1, ids(1, 2)), minute(2, ids(3))];
  expect(found(both, both.toReversed())).toEqual([]);
});

test('a minute of which A8 has fewer, none, or others in the same number is named, oldest first', () => {
  const acknowledged = [minute(3, ids(5, 6)), minute(1, ids(1, 2)), minute(2, ids(3, 4))];
  expect(found(acknowledged, [minute(1, ids(1)), minute(3, ids(5, 7))])).toEqual([1, 2, 3]);
});

test('rows that A8 has beside are looked into only where the forwarder counted some as well', () => {
  const acknowledged = [minute(1, ids(1))];
  expect(found(acknowledged, [minute(1, ids(1, 2)), minute(2, ids(3))])).toEqual([1]);
});

test('a minute that is not closed by the clock of A8 is not judged', () => {
  expect(found([minute(99, ids(1)), minute(100, ids(2))], [], 100)).toEqual([99]);
});

test('the same difference has the same key, another one of the same minute another', () => {
  const keyOf = (acknowledged: MinuteDigest, held: MinuteDigest | undefined) =>
    differenceKey({ minute: 1, acknowledged, held });
  const own = minute(1, ids(1, 2));
  expect(keyOf(own, minute(1, ids(1)))).toBe(keyOf(own, minute(1, ids(1))));
  const others = [minute(1, ids(2)), minute(1, ids(1, 3)), undefined];
  const keys = others.map((held) => keyOf(own, held));
  expect(new Set([...keys, keyOf(own, minute(1, ids(1)))]).size).toBe(4);
});

test('by the counts alone at least so many are missing, and never less than none', () => {
  const own = minute(1, ids(1, 2, 3));
  const fewer = (held: MinuteDigest | undefined) => fewerRows({ minute: 1, acknowledged: own, held });
  expect([fewer(undefined), fewer(minute(1, ids(1))), fewer(minute(1, ids(1, 2, 3, 4)))]).toEqual([3, 2, 0]);
});
