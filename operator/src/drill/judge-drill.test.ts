import { type DrillFacts, judgeDrill } from './judge-drill.ts';

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const row = (number: number, change: Partial<DrillFacts['rows'][number]> = {}) => ({
  event_id: id(number),
  app_label: 'scholar_auth',
  event_type: 'NewUser',
  received_at: '2026-11-29T21:00:00Z',
  request_id: 'r',
  deliveries: 1,
  simulated: true,
  ...change,
});

const GOOD: DrillFacts = {
  at: '2026-11-29T21:00:00Z',
  label: 'scholar_auth',
  events: 2,
  queued: [id(1), id(2)],
  filled: [id(3)],
  refusedFull: 3,
  lostByKill: [],
  rows: [row(1), row(2), row(3)],
  recoveryMs: 840.2,
  steps: [],
  troubles: [],
};

const judged = (change: Partial<DrillFacts>) => judgeDrill({ ...GOOD, ...change });

test('every acknowledged event exactly one row: good, what filled the disk counts too', () => {
  expect(judged({})).toMatchObject({ ok: true, queued: 3, rows: 3, recovery_ms: 841, reasons: [] });
});

test('a second delivery of the same event is counted and allowed', () => {
  const rows = [row(1, { deliveries: 2 }), row(2), row(3)];
  expect(judged({ rows })).toMatchObject({ ok: true, redelivered: 1 });
});

test.each<[string, Partial<DrillFacts>, string]>([
  ['an acknowledged event without a row', { rows: [row(1), row(2)] }, `without a row: ${id(3)}`],
  ['an id with two rows', { rows: [row(1), row(2), row(3), row(2)] }, `in more than one row: ${id(2)}`],
  ['an event that kill -9 cost', { lostByKill: [id(2)] }, `no longer queued after kill -9: ${id(2)}`],
  ['a disk that never was full', { refusedFull: 0 }, 'never full'],
  ['fewer acknowledged than asked for', { events: 5 }, 'Only 2 of 5'],
  [
    'a row of another app',
    { rows: [row(1), row(2), row(3, { app_label: 'student_pilot' })] },
    `label of another app: ${id(3)}`,
  ],
  ['a trouble on the way', { troubles: ['It held.'] }, 'It held.'],
])('%s is red and says so', (_name, change, reason) => {
  const result = judged(change);
  expect(result.ok).toBe(false);
  expect(result.reasons.join('\n')).toContain(reason);
});

test('many missing events are all in the result, and a few of them in the sentence', () => {
  const queued = Array.from({ length: 40 }, (_, number) => id(number));
  const result = judged({ events: 40, queued, filled: [], rows: [], recoveryMs: undefined });
  expect(result).toMatchObject({ missing: queued, rows: 0, recovery_ms: null });
  expect(result.reasons.join('\n')).toMatch(/ and 35 more\.$/u);
});
