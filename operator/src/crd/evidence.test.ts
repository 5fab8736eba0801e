import type { TruthRow } from '@scholar/contract';
import { durationMs } from './duration.ts';
import { statusRow, summarized, verdictNow } from './evidence.ts';
import { statusSchema } from './status.ts';

const NOW = Date.UTC(2026, 0, 1);
const at = (ms: number): string => new Date(NOW + ms).toISOString();

test.each([
  ['green', 1, 'green'],
  ['green', 0, 'unknown'],
  ['green', -1, 'unknown'],
  ['red', 1, 'red'],
  ['red', -1, 'unknown'],
  ['unknown', 1, 'unknown'],
] as const)('a row that was %s and expires in %i ms is %s', (verdict, left, now) => {
  expect(verdictNow({ verdict, expiresAt: at(left) }, NOW)).toBe(now);
});

test.each([undefined, 'soon'])('green that expires %s is unknown', (expiresAt) => {
  expect(verdictNow({ verdict: 'green', expiresAt }, NOW)).toBe('unknown');
});

const proven: TruthRow = {
  app: 'A1',
  label: 'scholar_auth',
  config: { ok: true, missing: [] },
  reachable: { health: true, ready: true, p95_ms: 1.2 },
  event: {
    event_id: '5d6c5f3e-6a3f-4a56-9a43-3c8c1d0c2b11',
    request_id: 'r-1',
    at: at(-500),
    persisted: true,
    row: true,
    row_at: at(-400),
    write_ms: 150.01,
    retries: 0,
  },
  verdict: 'green',
  reasons: [],
};

test('a proven row becomes a row of the status, with numbers that do not flatter and an end', () => {
  const row = statusRow(proven, { provenAtMs: NOW, canaryIntervalMs: 60_000 });
  expect(row).toMatchObject({
    verdict: 'green',
    expiresAt: at(120_000),
    event: { p95WriteMs: 151, row: true },
  });
  expect(row).not.toHaveProperty('reasons');
});

test('what is not known is absent, and the schema takes it', () => {
  const blind: TruthRow = {
    ...proven,
    event: { ...proven.event, event_id: null, request_id: null, row: null, row_at: null, write_ms: null },
    verdict: 'unknown',
    reasons: ['x'.repeat(5_000)],
  };
  const row = statusRow(blind, { provenAtMs: NOW, canaryIntervalMs: 60_000 });
  expect(Object.keys(row.event ?? {})).toEqual(['sentAt', 'persisted', 'retries']);
  expect(statusSchema.safeParse({ rows: [row] }).error).toBeUndefined();
});

test('hops are told in ms since the sending; what only the distance of two clocks could say is left out', () => {
  const hops = { sent_at: at(0), answered_at: at(12), queued_at: at(-3), received_at: at(20) };
  const row = { ...proven, hops: { ...hops, receipt_at: at(30), read_at: null } };
  const shown = statusRow(row, { provenAtMs: NOW, canaryIntervalMs: 60_000 });
  expect(shown.hops).toEqual({ appMs: 12, hubMs: 30 });
  expect(statusSchema.safeParse({ rows: [shown] }).error).toBeUndefined();
});

test('of a canary that got nowhere there is no empty object: applied over what was there it would be a null', () => {
  const nowhere = { answered_at: null, queued_at: null, received_at: null, receipt_at: null, read_at: null };
  const row = statusRow(
    { ...proven, hops: { sent_at: at(0), ...nowhere } },
    { provenAtMs: NOW, canaryIntervalMs: 60_000 },
  );
  expect(Object.keys(row)).not.toContain('hops');
  expect(Object.values(row)).not.toContainEqual({});
});

test('the summary counts what the rows are worth now, and names the next expiry', () => {
  const fresh = statusRow(proven, { provenAtMs: NOW, canaryIntervalMs: 60_000 });
  const stale = { ...fresh, label: 'student_pilot', app: 'A5', expiresAt: at(-1) } as const;
  expect(summarized([fresh, stale], NOW)).toMatchObject({
    summary: { green: 1, red: 0, unknown: 1 },
    expiresAt: at(120_000),
    rows: [{ verdict: 'green' }, { verdict: 'unknown' }],
  });
});

test.each([
  ['15s', 15_000],
  ['1m30s', 90_000],
  ['150ms', 150],
  ['1h', 3_600_000],
])('%s is %i ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['', '5', 'm', '1.5s', '-1s', '5d'])('%j is no duration', (text) => {
  expect(() => durationMs(text)).toThrow('is not a duration');
});
