import { nextDrillMs, parseSchedule } from './schedule.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-29T12:00:00Z');

test.each([
  ['10m', 600_000],
  ['24h', 24 * HOUR],
  ['1h30m', 1.5 * HOUR],
  ['576h', 576 * HOUR],
])('%s is a schedule', (text, everyMs) => {
  expect(parseSchedule(text)).toEqual({ everyMs });
});

test.each(['9m', '577h', '0s', '', 'daily', '-24h', '0 3 * * *'])(
  '"%s" is none, and the reason says what would be',
  (text) => {
    expect(parseSchedule(text)).toMatch(/is not a duration from 10m to 576h/u);
  },
);

test.each([
  ['the first drill is at once', undefined, 0],
  ['the next one is a period after the last', NOW - HOUR, 23 * HOUR],
  ['a missed one is done at once', NOW - 100 * HOUR, 0],
  ['a clock that was set back costs one period at most', NOW + 500 * HOUR, 24 * HOUR],
])('%s', (_name, lastMs, waitMs) => {
  expect(nextDrillMs({ everyMs: 24 * HOUR }, { lastMs, nowMs: NOW })).toBe(waitMs);
});
