import { isOutlived, isRotationDue, isSpent, type KeyTimes, maySign, signerAt } from './judge-keys.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const T = Date.UTC(2026, 10, 30);
const key = (fromMs: number, untilMs?: number): KeyTimes => ({
  signsFrom: new Date(fromMs),
  signsUntil: untilMs === undefined ? null : new Date(untilMs),
});

test('a published key signs from its time on, and the one before it until then', () => {
  const [old, next] = [key(T - DAY, T), key(T)];
  expect(signerAt([next, old], T - 1)).toBe(old);
  expect(signerAt([next, old], T)).toBe(next);
});

test('a clock that was set back before every key still has one that signs', () => {
  const [old, next] = [key(T), key(T + DAY)];
  expect(signerAt([next, old], T - DAY)).toBe(old);
  expect(signerAt([], T)).toBeUndefined();
});

test('the private half outlives its time by ten minutes, the public one by the life of a token besides', () => {
  const old = key(T - DAY, T);
  expect([maySign(old, T - 1), maySign(old, T)]).toEqual([true, false]);
  expect([isSpent(old, T + 10 * MINUTE - 1), isSpent(old, T + 10 * MINUTE)]).toEqual([false, true]);
  const outlived = (nowMs: number) => isOutlived(old, { nowMs, tokenTtlMs: 10 * MINUTE });
  expect([outlived(T + 20 * MINUTE - 1), outlived(T + 20 * MINUTE)]).toEqual([false, true]);
  expect([isSpent(key(T), T + 99 * DAY), maySign(key(T), T + 99 * DAY)]).toEqual([false, true]);
});

test('a rotation is due early enough that the successor signs on the day, and once', () => {
  const due = (keys: KeyTimes[], nowMs: number) => isRotationDue(keys, { nowMs, rotateAfterMs: 90 * DAY });
  const turn = T + 90 * DAY - 20 * MINUTE;
  expect([due([key(T)], turn - 1), due([key(T)], turn)]).toEqual([false, true]);
  expect(due([key(T, T + 90 * DAY), key(T + 90 * DAY)], turn)).toBe(false);
});
