import { recentCount } from './recent-count.ts';

const MINUTE_MS = 60_000;

test('what happened within the hour counts, and what is older does not', () => {
  let now = 0;
  const count = recentCount({ monotonic: () => now });
  count.add();
  now = 30 * MINUTE_MS;
  count.add();
  count.add();
  now = 60 * MINUTE_MS;
  expect(count.lastHour()).toBe(3);
  now = 61 * MINUTE_MS;
  expect(count.lastHour()).toBe(2);
  now = 91 * MINUTE_MS;
  expect(count.lastHour()).toBe(0);
});
