import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { parseOptions, planOf } from '../runner/plan/options.ts';
import { optionsOf, PROFILES } from './parts/profiles.ts';

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

function* take<T>(from: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const one of from) {
    if (left === 0) return;
    left -= 1;
    yield one;
  }
}
