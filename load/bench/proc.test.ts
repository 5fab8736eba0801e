import { parseMachineTimes, parseProcessTimes } from './proc.ts';

test('times of a process are read behind its name, whatever is in the name', () => {
  const text = '42 (node (a) b) S 7 42 42 0 -1 4194560 1 2 3 4 250 50 30 20 20 0 13 0 25 5089 4703';
  const { parent, ownS, endedChildrenS } = parseProcessTimes(text);
  expect(parent).toBe(7);
  expect(ownS).toBeCloseTo(3);
  expect(endedChildrenS).toBeCloseTo(0.5);
});

test('of a machine, work, interrupts and idleness are told apart; stolen time is work of others', () => {
  const times = parseMachineTimes('cpu  100 50 25 600 25 5 15 75 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n');
  expect(times.workedS).toBeCloseTo(2.5);
  expect(times.interruptsS).toBeCloseTo(0.2);
  expect(times.totalS).toBeCloseTo(8.95);
});
