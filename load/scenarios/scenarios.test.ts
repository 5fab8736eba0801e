import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { parseOptions, planOf } from '../runner/plan/options.ts';
import { lasting, secondsOf } from './parts/lasting.ts';
import { optionsOf, PROFILES, type Profile } from './parts/profiles.ts';

const SCRIPTS = globSync('*.ts', { cwd: import.meta.dirname })
  .filter((name) => !name.endsWith('.test.ts'))
  .map((name) => basename(name, '.ts'));

test('every profile has its script, and every script its profile', () => {
  expect(SCRIPTS.sort()).toEqual(Object.keys(PROFILES).sort());
});

test.each(Object.entries(PROFILES))(
  '%s: the runner takes its options; nothing may be lost, and no write may be slow',
  (_name, profile) => {
    const { scenarios, thresholds } = parseOptions(optionsOf(profile));
    expect(thresholds['lost_events']).toEqual(['count==0']);
    expect(thresholds['http_req_duration{op:write}']).toHaveLength(1);
    const plans = Object.entries(scenarios).map(([name, scenario]) => planOf(name, scenario));
    expect(plans).toHaveLength(1);
    for (const { arrivals, durationMs } of plans) {
      const first = [...take(arrivals(), 100)];
      expect(first).toHaveLength(100);
      expect(first.every((time) => time >= 0 && time <= durationMs)).toBe(true);
    }
  },
);

test.each(Object.entries<Profile>(PROFILES))(
  '%s: LASTS changes how long it takes, and none of its rates',
  (_name, profile) => {
    const shorter = lasting(profile, '30');
    expect(secondsOf(shorter)).toBeCloseTo(30, 2);
    const rates = (of: typeof profile) => JSON.stringify(of.arrivals).match(/erSecond":\d+/g);
    expect(rates(shorter)).toEqual(rates(profile));
    expect(lasting(profile, '')).toBe(profile);
    const plans = Object.entries(parseOptions(optionsOf(shorter)).scenarios).map(([name, one]) =>
      planOf(name, one),
    );
    expect(plans.map(({ durationMs }) => Math.round(durationMs / 100))).toEqual([300]);
  },
);

test.each(['5m', '0', '-1', 'NaN', '1e9'])(
  'LASTS=%s is refused, and the message says what to write',
  (lasts) => {
    expect(() => lasting(PROFILES.soak, lasts)).toThrow(/a number of seconds/);
  },
);

function* take<T>(from: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const one of from) {
    if (left === 0) return;
    left -= 1;
    yield one;
  }
}
