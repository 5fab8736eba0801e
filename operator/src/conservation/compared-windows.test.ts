import { type Compared, DAY_MINUTES, nextPart, windowsOf } from './compared-windows.ts';

const NOW = 30_000_000;
const compared = (until: number, part = 0): Compared => ({
  forwarderId: 'f',
  until,
  part,
  explained: new Map(),
});

test('who knows nothing compares the whole day', () => {
  const [window, ...others] = windowsOf(undefined, NOW);
  expect(window?.from).toBe(NOW - DAY_MINUTES);
  expect(window?.to).toBeGreaterThan(NOW);
  expect(others).toEqual([]);
});

test('who compared a minute ago compares some minutes and one hour of the day', () => {
  const [part, recent] = windowsOf(compared(NOW - 2, 3), NOW);
  expect(part).toEqual({ from: NOW - DAY_MINUTES + 180, to: NOW - DAY_MINUTES + 240 });
  expect(recent?.from).toBe(NOW - 12);
  expect(recent?.to).toBeGreaterThan(NOW);
});

test('within a day of looks every minute of the day is compared once more', () => {
  const seen = new Set<number>();
  let part = 0;
  for (let look = 0; look < 23; look += 1) {
    for (const { from, to } of windowsOf(compared(NOW - 2, part), NOW))
      for (let minute = from; minute < to; minute += 1) seen.add(minute);
    part = nextPart(part);
  }
  expect(part).toBe(0);
  for (let minute = NOW - DAY_MINUTES; minute <= NOW; minute += 1) expect(seen.has(minute)).toBe(true);
});

test('who has not compared for nearly a day compares the whole of it at once', () => {
  expect(windowsOf(compared(NOW - DAY_MINUTES + 30), NOW)).toHaveLength(1);
});

test('a clock that went back compares no window that ends before it begins', () => {
  for (const { from, to } of windowsOf(compared(NOW + 500), NOW)) expect(from).toBeLessThan(to);
});
