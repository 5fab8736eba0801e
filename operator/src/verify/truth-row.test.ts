import { judge } from '../audit/audit.ts';
import { appOf, healthySnapshot, told } from '../audit/testing/healthy-snapshot.ts';
import { type RowEvidence, truthRow } from './truth-row.ts';

const EVENT_ID = '6c8e1f5e-4d3b-4a67-9a1f-0d9f6f6f7a10';

function proven(): RowEvidence {
  return {
    label: 'scholar_auth',
    judged: [],
    told: true,
    reachable: { health: true, ready: true, p95Ms: 1 },
    refused: undefined,
    eventId: EVENT_ID,
    sentAt: '2026-11-24T12:00:00.000Z',
    answeredAt: '2026-11-24T12:00:00.005Z',
    readAt: '2026-11-24T12:00:00.016Z',
    followed: {
      state: 'delivered',
      requestId: 'r-1',
      acceptedAt: '2026-11-24T12:00:00.007Z',
      deliveredAt: '2026-11-24T12:00:00.012Z',
      receivedAt: '2026-11-24T12:00:00.010Z',
      persisted: true,
      writeMs: 4,
      retries: 0,
      detail: '',
    },
    row: {
      event_id: EVENT_ID,
      app_label: 'scholar_auth',
      event_type: 'NewUser',
      received_at: '2026-11-24T12:00:00.010Z',
      request_id: 'r-1',
      deliveries: 1,
      simulated: true,
    },
    writes: { p95Ms: 150, failed: 0, boundMs: 150 },
    lost: [],
    forwarder: { state: 'live', depth: 0, oldestAgeSeconds: 0, hold: null },
    minimumPerHour: 12,
  };
}

test('green needs config, reachability and the row', () => {
  expect(truthRow(proven())).toMatchObject({
    app: 'A1',
    verdict: 'green',
    reasons: [],
    event: { row: true, persisted: true },
  });
});

test('a row tells what its forwarder owed and the declared rate, and nothing of a forwarder that did not tell', () => {
  const owed = { state: 'live', depth: 0, oldest_s: null, held: null };
  expect(truthRow(proven())).toMatchObject({ owed, minimum_per_hour: 12 });
  const hold = { reason: 'key_refused', detail: '401', since: '2026-11-24T12:00:00.000Z' };
  const held = truthRow({
    ...proven(),
    forwarder: { state: 'held', depth: 7, oldestAgeSeconds: 61.5, hold },
  });
  expect(held.owed).toEqual({ state: 'held', depth: 7, oldest_s: 61.5, held: 'key_refused: 401' });
  expect(truthRow({ ...proven(), forwarder: undefined, minimumPerHour: undefined })).toMatchObject({
    owed: null,
  });
});

test('a row tells hop by hop when its canary was where, and null where it was not seen', () => {
  expect(truthRow(proven()).hops).toEqual({
    sent_at: '2026-11-24T12:00:00.000Z',
    answered_at: '2026-11-24T12:00:00.005Z',
    queued_at: '2026-11-24T12:00:00.007Z',
    received_at: '2026-11-24T12:00:00.010Z',
    receipt_at: '2026-11-24T12:00:00.012Z',
    read_at: '2026-11-24T12:00:00.016Z',
  });
  const lost = { ...proven(), answeredAt: null, readAt: null, row: null };
  lost.followed = {
    ...lost.followed,
    state: 'not_seen',
    acceptedAt: null,
    deliveredAt: null,
    receivedAt: null,
  };
  expect(truthRow(lost).hops).toEqual({
    sent_at: '2026-11-24T12:00:00.000Z',
    ...{ answered_at: null, queued_at: null, received_at: null, receipt_at: null, read_at: null },
  });
});

test.each<[string, Partial<RowEvidence>, RegExp]>([
  ['the row is not there although A8 said persisted', { row: null }, /A8 lost it or told a lie/],
  [
    'the row is there under another label',
    { row: { ...(proven().row as object), app_label: 'student_pilot' } as RowEvidence['row'] },
    /under the label student_pilot/,
  ],
  ['/health does not answer', { reachable: { health: false, ready: true, p95Ms: null } }, /\/health/],
  ['/ready does not answer', { reachable: { health: true, ready: false, p95Ms: 1 } }, /\/ready/],
  ['the process does not tell what it runs with', { told: false }, /\/running/],
  ['the app refused the canary', { refused: 'POST /signup answered 503' }, /503/],
  ['the P95 is over the bound', { writes: { p95Ms: 150.1, failed: 0, boundMs: 150 } }, /bound is 150/],
  ['the P95 is over a bound of its own', { writes: { p95Ms: 50.1, failed: 0, boundMs: 50 } }, /bound is 50/],
  ['a sample got no receipt', { writes: { p95Ms: 4, failed: 1, boundMs: 150 } }, /no receipt/],
  [
    'an event that was proven earlier is gone',
    { lost: [{ what: 'gone', label: 'scholar_auth', event_id: 'old', seen_at: 'then' }] },
    /old, proven at then, is in the database no more/,
  ],
  [
    'the row of an event that was proven earlier was changed',
    { lost: [{ what: 'changed', label: 'scholar_auth', event_id: 'old', seen_at: 'then' }] },
    /old, proven at then, holds something else now/,
  ],
])('red when %s', (_why, change, reason) => {
  const row = truthRow({ ...proven(), ...change });
  expect(row.verdict).toBe('red');
  expect(row.reasons.join(' ')).toMatch(reason);
});

test('a configuration that only the audit sees turns the row red although its event arrived', () => {
  const snapshot = healthySnapshot();
  Object.assign(told(appOf(snapshot, 'scholar_auth').running), {
    emit_mode: 'direct',
    endpoint: 'http://127.0.0.1:4108/events',
  });
  const row = truthRow({ ...proven(), judged: judge(snapshot) });
  expect(row).toMatchObject({ verdict: 'red', config: { ok: false, missing: ['EMIT_MODE'] } });
});

test('what could not be looked at is unknown, never green', () => {
  expect(truthRow({ ...proven(), row: undefined })).toMatchObject({
    verdict: 'unknown',
    event: { row: null },
  });
});

test('a held event names the reason of the hold', () => {
  const followed = { ...proven().followed, state: 'held' as const, persisted: null, detail: 'unauthorized' };
  expect(truthRow({ ...proven(), followed, row: null }).reasons.join(' ')).toMatch(
    /holds it \(unauthorized\)/,
  );
});
