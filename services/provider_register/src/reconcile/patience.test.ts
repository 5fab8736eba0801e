import { createPatience } from './patience.ts';

test('a difference is over once it was seen for the grace before the look began, however long looks take', () => {
  let nowMs = 1_000;
  const patience = createPatience(500, () => nowMs);
  patience.begin(nowMs);
  // Seen late in a long look, in which it may have come to be.
  nowMs = 1_900;
  expect(patience.isOver('a')).toBe(false);
  patience.end();
  nowMs = 2_300;
  patience.begin(nowMs);
  expect(patience.isOver('a')).toBe(false);
  patience.end();
  nowMs = 2_400;
  patience.begin(nowMs);
  expect([patience.isOver('a'), patience.isOver('b')]).toEqual([true, false]);
});

test('what a look no longer sees begins anew; a look that failed half-way is forgotten', () => {
  let nowMs = 0;
  const patience = createPatience(500, () => nowMs);
  patience.begin(nowMs);
  patience.isOver('a');
  patience.end();
  nowMs = 600;
  patience.begin(nowMs);
  nowMs = 700;
  // Failed before it saw anything: `a` is still known.
  patience.begin(nowMs);
  expect(patience.isOver('a')).toBe(true);
  patience.end();
  patience.begin(nowMs);
  patience.end();
  nowMs = 2_000;
  patience.begin(nowMs);
  expect(patience.isOver('a')).toBe(false);
});
