import type { ShownTable } from '../gather/shown-table.ts';
import { shownTableLine, shownTableText } from './shown-table-text.ts';

const PLAIN = { color: false };
const WHY = 'The last heartbeat is 200 s old; after 120 s nobody is looking.';

function shown(change: Partial<ShownTable>): ShownTable {
  const row = { app: 'A1', label: 'scholar_auth', verdict: 'green' as const, reasons: [] };
  return {
    at: '2026-11-24T12:00:00.000Z',
    age_s: 10,
    period_s: 60,
    heartbeat_age_s: 12.4,
    stale: false,
    ok: true,
    table: [row, { ...row, app: 'A2', label: 'scholarship_api' }],
    ...change,
  };
}

test('a table that is believed says how many rows are green and when somebody was heard of', () => {
  expect(shownTableLine(shown({}), PLAIN)).toBe(
    'truth table: 2 green; whoever looks after it was heard of 12 s ago and wants to be each 60 s',
  );
});

test('an operator that is silent is seen: every row is unknown, with the reason', () => {
  const table = shown({}).table.map((row) => ({ ...row, verdict: 'unknown' as const, reasons: [WHY] }));
  const text = shownTableText(shown({ heartbeat_age_s: 200, stale: true, ok: false, table }), PLAIN);
  expect(text).toContain('2 unknown; whoever looks after it was heard of 200 s ago');
  expect(text.split(WHY)).toHaveLength(3);
});

test('where nobody ever looked, and where A8 does not tell, nothing is taken for good', () => {
  expect(shownTableLine(shown({ heartbeat_age_s: null }), PLAIN)).toContain('nobody looks after it');
  expect(shownTableLine(undefined, PLAIN)).toBe('truth table: A8 could not be asked');
});
