import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  digestOf,
  EMPTY_DIGEST,
  formatMinute,
  formatSum,
  forwarderConservationSchema,
  hashEventId,
  joined,
  minuteNumber,
  minuteSchema,
  parseSum,
  without,
} from './conservation.ts';

const ids = fc.uniqueArray(fc.uuid({ version: 4 }), { maxLength: 20 });

test('the hash of an id is what PostgreSQL computes of it, in any letter case', () => {
  const id = '0f0e0d0c-0b0a-4908-8706-050403020100';
  const bytes = Buffer.from('0f0e0d0c0b0a49088706050403020100', 'hex');
  const first = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  expect(formatSum(hashEventId(id.toUpperCase()))).toBe(first);
  expect(parseSum(first)).toBe(hashEventId(id));
});

test('a digest tells the set, not the order in which it came', () => {
  fc.assert(
    fc.property(ids, (set) => {
      expect(digestOf([...set].reverse())).toEqual(digestOf(set));
      expect(digestOf(set).count).toBe(set.length);
    }),
  );
});

test('an id that leaves takes exactly its share along', () => {
  fc.assert(
    fc.property(ids, fc.uuid({ version: 4 }), (set, other) => {
      fc.pre(!set.includes(other));
      const more = joined(digestOf(set), digestOf([other]));
      expect(more).toEqual(digestOf([...set, other]));
      expect(without(more, digestOf([other]))).toEqual(digestOf(set));
    }),
  );
  expect(digestOf([])).toEqual(EMPTY_DIGEST);
});

test('sets of the same size with other ids differ', () => {
  const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
  expect(digestOf([a, b])).not.toEqual(digestOf([a, c]));
});

test('a sum is sixteen hex digits, also of what PostgreSQL adds up with a sign', () => {
  expect(formatSum(0n)).toBe('0000000000000000');
  expect(formatSum(-1n)).toBe('ffffffffffffffff');
  expect(formatSum(2n ** 64n + 5n)).toBe('0000000000000005');
});

test('a minute is the UTC minute, whatever the offset in which an instant is written', () => {
  const minute = minuteNumber('2026-11-30T03:36:59.999Z');
  expect(formatMinute(minute)).toBe('2026-11-30T03:36:00.000Z');
  expect(minuteNumber('2026-11-30T09:06:00.000+05:30')).toBe(minute);
  expect(minuteNumber(Date.parse('2026-11-30T03:37:00.000Z'))).toBe(minute + 1);
  expect(minuteNumber('noon')).toBeNaN();
});

test.each(['2026-11-30T03:36:01Z', '2026-11-30T03:36:00.001Z', '2026-11-30', ''])(
  '%p is no minute',
  (text) => {
    expect(minuteSchema.safeParse(text).success).toBe(false);
  },
);

test('a forwarder tells who it is, from when on it knows everything, and no empty minute', () => {
  const minute = { minute: '2026-11-30T03:36:00Z', count: 1, sum: '0000000000000001' };
  const told = { forwarder_id: 'scholar_auth@pod-0:1f2e3d4c5b6a', since: minute.minute, minutes: [minute] };
  expect(forwarderConservationSchema.parse(told)).toEqual(told);
  const changed = (change: object) => ({ ...told, minutes: [{ ...minute, ...change }] });
  for (const change of [{ count: 0 }, { sum: '1' }, { sum: 'g'.repeat(16) }, { minute: 'noon' }])
    expect(forwarderConservationSchema.safeParse(changed(change)).success).toBe(false);
});
