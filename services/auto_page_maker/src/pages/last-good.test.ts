import { FakeClock } from '@scholar/runtime/testing';
import { createLastGood } from './last-good.ts';

const away = () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));

test('while the database is away, what was read last is shown; when it is back, what is true', async () => {
  const clock = new FakeClock();
  const lastGood = createLastGood({ most: 10, clock });
  await lastGood('a', async () => ({ n: 1 }));
  await lastGood('a', async () => ({ n: 2 }));
  expect(await lastGood('a', away)).toEqual({ n: 2 });
  await clock.advance(5_000);
  expect(await lastGood('a', async () => ({ n: 3 }))).toEqual({ n: 3 });
});

test('a database that gives no answer is waited for by one, for as long as a person has patience', async () => {
  const lastGood = createLastGood({ most: 10, clock: new FakeClock() });
  await lastGood('a', async () => ({ n: 1 }));
  const never = () => new Promise<undefined>(() => {});
  expect(await lastGood('a', never)).toEqual({ n: 1 });
  let asked = 0;
  const counted = async () => {
    asked += 1;
    return { n: 2 };
  };
  expect(await lastGood('a', counted)).toEqual({ n: 1 });
  expect(asked).toBe(0);
});

test('what was never read, and what fails for another reason, is told as it is', async () => {
  const lastGood = createLastGood({ most: 10, clock: new FakeClock() });
  await expect(lastGood('a', away)).rejects.toThrow('connect');
  await lastGood('b', async () => ({ n: 1 }));
  await expect(lastGood('b', () => Promise.reject(new Error('syntax')))).rejects.toThrow('syntax');
});

test('what is gone is forgotten', async () => {
  const lastGood = createLastGood({ most: 10, clock: new FakeClock() });
  await lastGood('a', async () => ({ n: 1 }));
  expect(await lastGood('a', async () => undefined)).toBeUndefined();
  await expect(lastGood('a', away)).rejects.toThrow('connect');
});

test('memory is bounded: what was read longest ago goes first', async () => {
  const lastGood = createLastGood({ most: 2, clock: new FakeClock() });
  for (const name of ['a', 'b', 'a', 'c']) await lastGood(name, async () => ({ name }));
  expect(await lastGood('a', away)).toEqual({ name: 'a' });
  await expect(lastGood('b', away)).rejects.toThrow('connect');
});
