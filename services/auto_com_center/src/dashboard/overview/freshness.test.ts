import type { TruthRow } from '@scholar/contract';
import { freshnessOf } from './freshness.ts';

function row(changes: { verdict?: TruthRow['verdict']; row?: boolean; least?: number } = {}): TruthRow {
  return {
    ...{ app: 'A1', label: 'scholar_auth', config: { ok: true, missing: [] } },
    reachable: { health: true, ready: true, p95_ms: 1 },
    event: {
      ...{ event_id: null, request_id: null, at: null, persisted: null, row: changes.row ?? true },
      ...{ row_at: null, write_ms: null, retries: null },
    },
    minimum_per_hour: changes.least ?? 0,
    verdict: changes.verdict ?? 'green',
    reasons: [],
  };
}

test.each([
  ['a recent event is life, whether anybody verifies or not', { sinceEventS: 10, row: undefined }, 'live'],
  ['silence with a proven way is quiet', { sinceEventS: 86_400, row: row() }, 'quiet'],
  ['an app that never spoke is quiet where its canary arrives', { sinceEventS: null, row: row() }, 'quiet'],
  [
    'silence is dead where the canary became no row',
    { sinceEventS: 86_400, row: row({ verdict: 'red', row: false }) },
    'dead',
  ],
  [
    'a canary that is lost says more than an older event',
    { sinceEventS: 10, row: row({ verdict: 'red', row: false }) },
    'dead',
  ],
  [
    'red for its configuration alone is not dead',
    { sinceEventS: 600, row: row({ verdict: 'red' }) },
    'quiet',
  ],
  ['silence that nobody looks into is unknown, never quiet', { sinceEventS: 600, row: undefined }, 'unknown'],
  ['nor is an expired verdict believed', { sinceEventS: 600, row: row({ verdict: 'unknown' }) }, 'unknown'],
  [
    'fewer than declared is too quiet',
    { sinceEventS: 10, lastHour: 9, row: row({ least: 10 }) },
    'too_quiet',
  ],
  ['as many as declared is live', { sinceEventS: 10, lastHour: 10, row: row({ least: 10 }) }, 'live'],
  [
    'what could not be counted accuses nobody',
    { sinceEventS: 10, lastHour: null, row: row({ least: 10 }) },
    'live',
  ],
] as const)('%s', (_, facts, state) => {
  expect(freshnessOf({ lastHour: 1, ...facts }).state).toBe(state);
});
