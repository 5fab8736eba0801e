import { APP_LABELS, APPS, type RepairRecord, type TruthRow } from '@scholar/contract';
import type { Operated } from '../evidence/operated.ts';
import type { Verification } from '../verify/verify.ts';
import { diffSummaryPage } from './diff-summary-page.ts';
import { testReportPage } from './test-report-page.ts';
import { truthTablePage } from './truth-table-page.ts';

const AT = '2026-11-29T12:00:00.000Z';
const ID = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

function rowOf(label: (typeof APP_LABELS)[number], index: number, isGreen: boolean): TruthRow {
  return {
    app: APPS[label].number,
    label,
    config: { ok: isGreen, missing: isGreen ? [] : ['EMIT_MODE'] },
    reachable: { health: true, ready: true, p95_ms: 12.3 },
    event: {
      event_id: ID(index),
      request_id: isGreen ? `request-${index}` : null,
      at: AT,
      persisted: isGreen,
      row: isGreen,
      row_at: isGreen ? '2026-11-29T12:00:00.250Z' : null,
      write_ms: isGreen ? 9 : null,
      retries: isGreen ? 0 : null,
    },
    hops: {
      sent_at: AT,
      answered_at: '2026-11-29T12:00:00.020Z',
      queued_at: '2026-11-29T12:00:00.030Z',
      received_at: null,
      receipt_at: null,
      read_at: null,
    },
    verdict: isGreen ? 'green' : 'red',
    reasons: isGreen ? [] : ['auto_page_maker writes its events to its console | and <none> to A8.'],
  };
}

function seen(...red: string[]): Verification {
  const table = APP_LABELS.map((label, index) => rowOf(label, index, !red.includes(label))).sort((a, b) =>
    a.app.localeCompare(b.app),
  );
  return {
    table: {
      at: AT,
      environment: 'staging',
      target: 'cluster',
      p95_write_ms: 9,
      ok: red.length === 0,
      table,
      simulations: [],
    },
    rows: table
      .filter(({ event }) => event.row)
      .map(({ label, event }) => ({
        event_id: event.event_id ?? '',
        app_label: label,
        event_type: 'NewUser',
        received_at: event.row_at ?? '',
        request_id: event.request_id ?? '',
        deliveries: 1,
        simulated: true,
      })),
    judged: [],
    answers: [],
    played: [],
    posted: [
      {
        label: 'scholar_auth',
        eventType: 'NewUser',
        eventId: ID(9),
        status: null,
        body: 'no key',
        tookMs: null,
      },
    ],
    writes: [{ label: 'scholar_auth', samplesMs: [1, 2, 100] }],
    tookMs: 3_000,
  };
}

const RECORD: RepairRecord = {
  at: '2026-11-29T12:01:00.000Z',
  target: 'cluster',
  finding: { code: 'console_only_telemetry', app: 'A7', summary: 'It tells A8 nothing.' },
  remedy: 'set EMIT_MODE',
  before: 'EMIT_MODE console',
  after: 'no longer found',
  applied: true,
  proof: { event_id: ID(6), row_at: '2026-11-29T12:00:50.000Z' },
  ok: true,
  detail: 'proven',
  attempt: 1,
  steps: {
    found_at: AT,
    dry_run_at: '2026-11-29T12:00:01.000Z',
    applied_at: '2026-11-29T12:00:31.000Z',
    proven_at: '2026-11-29T12:00:51.000Z',
  },
};

function operated(): Operated {
  return {
    cluster: {
      namespace: 'trial',
      server: 'v1.34.1',
      images: [{ image: 'scholar:1', id: `sha256:${'a'.repeat(64)}`, containers: 17 }],
      tables: [
        {
          name: 'scholar',
          spec: { remedy: 'Repair', canaryInterval: '15s', latencyBound: '150ms' },
          status: {
            verifiedAt: AT,
            summary: { green: 7, red: 0, unknown: 0 },
            repairs: [
              {
                at: RECORD.at,
                app: 'auto_page_maker',
                finding: RECORD.finding.code,
                remedy: 'set',
                ok: true,
              },
            ],
            guards: { at: AT, kept: 6, failed: 1, unknown: 0, guards: [] },
            lastDrill: {
              ...{ at: AT, app: 'scholar_auth', ok: true, events: 100, queued: 120 },
              ...{ refusedFull: 3, rows: 120, recoveryMs: 1_500 },
            },
          },
        },
      ],
    },
    repairs: [{ id: '1', receivedAt: RECORD.at, record: RECORD }],
    broken: { id: '40', receivedAt: AT, ok: false, green: 6, table: seen('auto_page_maker').table },
    healed: { id: '44', receivedAt: '2026-11-29T12:01:30.500Z', ok: true, green: 7, table: seen().table },
  };
}

test('the truth table has the three columns, and says how many of its test events are rows', () => {
  const page = truthTablePage(seen('auto_page_maker'));
  expect(page).toContain('6 of 7 green. Of 7 test events 6 were read back');
  expect(page).toContain(
    '| A1 scholar_auth | yes | yes, P95 12.3 ms | persisted:true, row 12:00:00.250 | **green** |',
  );
  expect(page).toContain(
    '| A7 auto_page_maker | no: EMIT_MODE | yes, P95 12.3 ms | persisted no, row no | **red** |',
  );
  expect(page).toContain(
    '- A7 auto_page_maker: auto_page_maker writes its events to its console | and &lt;none> to A8.',
  );
  expect(page).toContain('| A1 | 20 | 30 | - | - |');
  expect(page).not.toContain('Kubernetes');
});

test('of a cluster it shows the table of before the repairs, with those whom readiness alone took for well', () => {
  const page = truthTablePage(seen(), operated());
  expect(page).toContain('Kubernetes v1.34.1, namespace `trial`');
  expect(page).toContain('`scholar:1` in 17 containers (`sha256:aaaaaaaaaaaa`)');
  expect(page).toContain('A7 answered /health and /ready with 200, and is not green');
  expect(page).toContain('green is number 44');
  expect(page).toContain('6 kept, 1 failed, 0 unknown');
  expect(page).toContain(
    '120 events acknowledged while A8 was away, 120 of them are rows, the last row 1500.0 ms',
  );
});

test('a canary that could not be sent is told as that, with what stood in its way', () => {
  const page = testReportPage({ proof: seen() });
  expect(page).toContain(`| NewUser<br>scholar_auth | \`${ID(9)}\` | - | - | no |`);
  expect(page).toContain('no key');
  expect(page).toContain('| A1 scholar_auth | 3 | 2.0 ms | 100.0 ms | 100.0 ms |');
  expect(page).not.toContain('A8 must refuse');
});

test('the summary of changes tells each step of a repair, its proof, and how long the whole took', () => {
  const page = diffSummaryPage({ records: [RECORD], left: [], operated: operated() });
  expect(page).toContain('2026-11-29 (all times UTC): 1 drift, 1 repaired and proven. Nothing is left.');
  expect(page).toContain('6 of 7 green at 2026-11-29T12:00:00.000Z (number 40)');
  expect(page).toContain('90.5 s later');
  expect(page).toContain(
    '1 of these repairs is in the status of the TruthTable `scholar`: the operator made it.',
  );
  expect(page).toContain(
    '| 1. A7 `console_only_telemetry` | 12:00:00.000 | 12:00:01.000 | 12:00:31.000 | 12:00:51.000 | proven |',
  );
  expect(page).toContain(`- Proof: event \`${ID(6)}\`, row written 12:00:50.000`);
});

test('a repair that was taken back is no proof, whatever it had changed', () => {
  const record = {
    ...RECORD,
    ok: false,
    proof: null,
    rolled_back: true,
    detail: 'rolled back, because no event came',
  };
  const page = diffSummaryPage({
    records: [record],
    left: [{ code: 'app_silent', label: 'scholar_auth', summary: 'y' }],
  });
  expect(page).toContain('1 drift, 0 repaired and proven. 1 left.');
  expect(page).toContain('| rolled back |');
  expect(page).toContain('- Proof: none\n- Result: rolled back, because no event came');
});
