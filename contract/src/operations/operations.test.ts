import { findingSchema } from './finding.ts';
import { heartbeatSchema } from './heartbeat.ts';
import { repairRecordSchema } from './repair-record.ts';
import { runningSchema } from './running.ts';
import { truthTableSchema } from './truth-table.ts';

const AT = '2026-01-31T12:00:00.000Z';
const NOTHING = {
  event_id: null,
  request_id: null,
  at: null,
  persisted: null,
  row: null,
  row_at: null,
  write_ms: null,
  retries: null,
};
const ROW = {
  app: 'A1',
  label: 'scholar_auth',
  config: { ok: false, missing: ['A8_KEY'] },
  reachable: { health: true, ready: false, p95_ms: null },
  event: NOTHING,
  verdict: 'unknown',
  reasons: ['no event came back'],
};
const TABLE = {
  at: AT,
  environment: 'staging',
  target: 'local',
  p95_write_ms: 12.5,
  ok: false,
  table: [ROW],
  simulations: [],
};

test('a truth table may not know an event, and says unknown then', () => {
  expect(truthTableSchema.parse(TABLE)).toEqual(TABLE);
});

test('a row may tell its hops, each of them a time or null', () => {
  const hops = {
    ...{ sent_at: AT, answered_at: AT, queued_at: AT },
    ...{ received_at: AT, receipt_at: AT, read_at: null },
  };
  const withHops = (changed: object) => ({ ...TABLE, table: [{ ...ROW, hops: changed }] });
  expect(truthTableSchema.parse(withHops(hops))).toEqual(withHops(hops));
  expect(truthTableSchema.safeParse(withHops({ ...hops, sent_at: 'noon' })).success).toBe(false);
  expect(truthTableSchema.safeParse(withHops({ sent_at: AT })).success).toBe(false);
});

test('a row may tell what its forwarder owed, or that it did not tell', () => {
  const withOwed = (owed: unknown) => ({ ...TABLE, table: [{ ...ROW, owed, minimum_per_hour: 0 }] });
  for (const owed of [null, { state: 'held', depth: 7, oldest_s: 61.5, held: 'key_refused' }])
    expect(truthTableSchema.parse(withOwed(owed))).toEqual(withOwed(owed));
  expect(truthTableSchema.safeParse(withOwed({ state: 'held', depth: 7 })).success).toBe(false);
});

test('a truth table may carry the last drill, and only as a whole', () => {
  const last_drill = {
    ...{ at: AT, label: 'scholar_auth', events: 100, queued: 187, refused_full: 6, rows: 186 },
    ...{ recovery_ms: null, ok: false },
  };
  expect(truthTableSchema.parse({ ...TABLE, last_drill })).toEqual({ ...TABLE, last_drill });
  const { rows: _rows, ...half } = last_drill;
  expect(truthTableSchema.safeParse({ ...TABLE, last_drill: half }).success).toBe(false);
  expect(truthTableSchema.safeParse({ ...TABLE, last_drill: { ...last_drill, ids: [] } }).success).toBe(
    false,
  );
});

test.each([{ verdict: 'fine' }, { label: 'auto_com_center' }, { app: 'A8' }, { extra: 1 }])(
  'a row with %p is refused',
  (change) => {
    expect(truthTableSchema.safeParse({ ...TABLE, table: [{ ...ROW, ...change }] }).success).toBe(false);
  },
);

test('a repair, a heartbeat and a finding have their form', () => {
  const finding = {
    code: 'a8_key_missing',
    app: 'scholar_auth',
    severity: 'critical',
    summary: 's',
    evidence: [],
    remedy: 'r',
  };
  expect(findingSchema.safeParse(finding).success).toBe(true);
  expect(findingSchema.safeParse({ ...finding, severity: 'fatal' }).success).toBe(false);
  expect(heartbeatSchema.safeParse({ at: AT, target: 'local', period_s: 60, version: '0.1.0' }).success).toBe(
    true,
  );
  expect(heartbeatSchema.safeParse({ at: AT, target: 'local', period_s: 0, version: '0.1.0' }).success).toBe(
    false,
  );
  const repair = {
    at: AT,
    target: 'local',
    finding: { code: 'c', app: 'a', summary: 's' },
    remedy: 'r',
    before: 'b',
    after: 'a',
    applied: true,
    proof: { event_id: 'e', row_at: AT },
    ok: true,
    detail: '',
  };
  expect(repairRecordSchema.safeParse(repair).success).toBe(true);
});

test('a newer process may say more in /running than this release knows', () => {
  const running = {
    label: 'scholar_auth',
    role: 'app',
    version: '0.1.0',
    protocol: 'v3.5.1',
    pid: 7,
    started_at: AT,
    environment: 'staging',
    endpoint: null,
    emit_mode: 'forwarder',
    event_names: 'v3.5.1',
    sends_authorization: null,
    config_hash: '0123456789ab',
    settings: { A8_KEY: { set: true, source: 'file', fingerprint: 'abcdefabcdef' } },
    missing: [],
  };
  expect(runningSchema.safeParse({ ...running, shard: 3 }).success).toBe(true);
  expect(runningSchema.safeParse({ ...running, now: AT }).success).toBe(true);
  expect(runningSchema.safeParse({ ...running, now: 'noon' }).success).toBe(false);
  expect(runningSchema.safeParse({ ...running, role: 'cron' }).success).toBe(false);
});
