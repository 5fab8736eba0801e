import { APPS } from '@scholar/contract';
import { WRITE_P95_BOUND_MS } from '../audit/checks/write-latency.ts';
import type { Operated } from '../evidence/operated.ts';
import type { GuardReport } from '../verify/negative/judge-guards.ts';
import { percentile } from '../verify/percentile.ts';
import type { PostedCanary } from '../verify/posted-canaries.ts';
import type { Verification } from '../verify/verify.ts';
import { clock, code, dayOf, ms, prose, stacked } from './cells.ts';
import { clusterLine } from './cluster-line.ts';
import { drillLine } from './drill-line.ts';
import { markdownTable } from './sectioned-page.ts';

export interface Reported {
  proof: Verification;
  /** Only where they were tried. */
  guards?: GuardReport | undefined;
  /** Only of a cluster. */
  operated?: Operated | undefined;
}

/** Pure: docs/TEST_REPORT.md, what A8 answered, what its database holds, and how long it took. */
export function testReportPage({ proof, guards, operated }: Reported): string {
  const { table: truth } = proof;
  const day = dayOf(truth.at);
  return [
    `Environment ${truth.environment}, ${truth.at} (all times UTC); the whole verification took ${(proof.tookMs / 1_000).toFixed(1)} s. Result: ${truth.ok ? 'all green' : 'NOT green'}.`,
    ...(operated === undefined ? [] : [clusterLine(operated.cluster)]),
    ...postedPart(proof, day),
    '### Simulations',
    ...simulationsPart(proof, day),
    "### A8's receipts",
    'One canary per service on its own business path. The status is what the service answered its user; the rest is the receipt that its forwarder got from A8.',
    receipts(proof, day),
    '### Rows read back from the database',
    '`SELECT event_id, app_label, event_type, received_at, simulated, deliveries, request_id FROM events WHERE event_id = ANY(…)`',
    storedRows(proof, day),
    '### Write latency',
    `Measured by the forwarders, from their POST to A8 until the receipt; bound of the P95 ${WRITE_P95_BOUND_MS} ms.`,
    latencies(proof),
    ...(guards === undefined ? [] : guardsPart(guards)),
    ...drillPart(proof),
  ].join('\n\n');
}

function postedPart({ posted, rows }: Verification, day: string): string[] {
  if (posted.length === 0) return [];
  const times = posted.flatMap(({ tookMs }) => tookMs ?? []);
  return [
    '### Canary POSTs, straight to A8',
    `The brief's three curl commands, each sent once. P95 of the three ${ms(percentile(times, 0.95))} until the last byte of the answer; bound ${WRITE_P95_BOUND_MS} ms.`,
    markdownTable(
      ['event', 'x-event-id', 'status', 'took', 'row'],
      posted.map((canary) => postedRow(canary, rows, day)),
    ),
    'What A8 answered:',
    `\`\`\`json\n${posted.map(({ body }) => body).join('\n')}\n\`\`\``,
  ];
}

function postedRow(
  canary: PostedCanary,
  rows: Verification['rows'],
  day: string,
): (string | number | null)[] {
  const row = rows.find(({ event_id }) => event_id === canary.eventId);
  const { label, eventType, eventId, status, tookMs } = canary;
  return [
    stacked(eventType, label),
    code(eventId),
    status,
    ms(tookMs),
    row === undefined ? 'no' : clock(row.received_at, day),
  ];
}

function simulationsPart(
  { table: { simulations }, played, rows: stored }: Verification,
  day: string,
): string[] {
  if (simulations.length === 0) return ['None: simulations run in staging only.'];
  const rows = simulations.map(({ name, event_id, persisted, row, retries, duration_ms }) => {
    const followed = played.find(({ eventId }) => eventId === event_id)?.followed;
    const readBack = stored.find((each) => each.event_id === event_id);
    return [
      name,
      stacked(code(event_id), code(followed?.requestId)),
      `persisted:${persisted}`,
      row ? clock(readBack?.received_at, day) : 'no',
      retries,
      `${duration_ms ?? '-'} ms`,
    ];
  });
  return [
    'Each was played through the running services, tagged as simulated.',
    markdownTable(
      ['simulation', "event id, request id of A8's receipt", 'A8 answered', 'row', 'retries', 'whole path'],
      rows,
    ),
  ];
}

function receipts({ answers }: Verification, day: string): string {
  const rows = answers.map(({ label, eventId, status, followed }) => [
    stacked(`${APPS[label].number} ${label}`, `answered ${status ?? 'nothing'}`),
    stacked(code(eventId), code(followed.requestId)),
    followed.persisted === null ? `none (${followed.state})` : `persisted:${followed.persisted}`,
    clock(followed.receivedAt, day),
    ms(followed.writeMs),
    followed.retries,
  ]);
  return markdownTable(
    ['service', 'event id, request id', 'receipt', 'received_at', 'write', 'retries'],
    rows,
  );
}

function storedRows({ rows }: Verification, day: string): string {
  const cells = rows.map((row) => [
    stacked(code(row.event_id), code(row.request_id)),
    stacked(row.app_label, row.event_type),
    clock(row.received_at, day),
    row.simulated,
    row.deliveries,
  ]);
  return markdownTable(
    ['event_id, request_id', 'app_label, event_type', 'received_at', 'simulated', 'deliveries'],
    cells,
  );
}

function latencies({ writes, table }: Verification): string {
  const each = writes.map(({ label, samplesMs }) => [
    `${APPS[label].number} ${label}`,
    samplesMs.length,
    ms(percentile(samplesMs, 0.5)),
    ms(percentile(samplesMs, 0.95)),
    ms(samplesMs.length === 0 ? null : Math.max(...samplesMs)),
  ]);
  const all = writes.flatMap(({ samplesMs }) => samplesMs);
  const sum = [
    'all',
    all.length,
    ms(percentile(all, 0.5)),
    ms(table.p95_write_ms),
    ms(all.length === 0 ? null : Math.max(...all)),
  ];
  return markdownTable(
    ['service', 'writes', 'median', 'P95', 'slowest'],
    [...each.sort((a, b) => String(a[0]).localeCompare(String(b[0]))), sum],
  );
}

function guardsPart({ guards }: GuardReport): string[] {
  const rows = guards.map(({ name, expected, got, event_id, verdict, reasons }) => [
    name,
    code(event_id),
    expected,
    [got, ...reasons.map(prose)].join('; '),
    `**${verdict}**`,
  ]);
  return [
    '### What A8 must refuse',
    'Each was sent to A8 as a canary. Kept: A8 answered as the contract says, and its database holds the trace that belongs to that answer, and no other.',
    markdownTable(['guard', 'event id', 'contract', 'answer', 'verdict'], rows),
  ];
}

function drillPart({ table: { last_drill: drill } }: Verification): string[] {
  if (drill === undefined) return [];
  return ['### Last outage drill', drillLine(drill)];
}
