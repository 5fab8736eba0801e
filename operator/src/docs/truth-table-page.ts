import type { TruthRow } from '@scholar/contract';
import { WRITE_P95_BOUND_MS } from '../audit/checks/write-latency.ts';
import { drillSummaryOf } from '../crd/last-drill.ts';
import type { KeptVerdict, Operated, TableTold } from '../evidence/operated.ts';
import type { Verification } from '../verify/verify.ts';
import { clock, code, counted, dayOf, ms, prose, stacked, yes } from './cells.ts';
import { clusterLine } from './cluster-line.ts';
import { drillLine } from './drill-line.ts';
import { markdownTable } from './sectioned-page.ts';

/** Pure: docs/TRUTH_TABLES.md, the brief's matrix and the evidence behind each row. @param operated of a cluster */
export function truthTablePage(proof: Verification, operated?: Operated): string {
  const { table: truth, rows: stored } = proof;
  const day = dayOf(truth.at);
  const green = truth.table.filter(({ verdict }) => verdict === 'green').length;
  const read = truth.table.filter(({ event }) => stored.some(({ event_id }) => event_id === event.event_id));
  return [
    `Environment ${truth.environment}, ${truth.at} (all times UTC). P95 write latency over all samples: ${ms(truth.p95_write_ms)} (bound ${WRITE_P95_BOUND_MS} ms).`,
    ...(operated === undefined ? [] : [clusterLine(operated.cluster)]),
    `${green} of ${truth.table.length} green. Of ${truth.table.length} test events ${read.length} were read back from A8's database by their ids; without its row no line is green.`,
    matrix(truth.table, day),
    ...(operated === undefined ? [] : [PORT_FORWARDS]),
    ...reasons(truth.table, '### Why a row is not green'),
    '### Evidence',
    markdownTable(
      ['app', 'event id, request id of A8', 'sent, row written', 'write', 'retries'],
      evidence(truth.table, day),
    ),
    '`write` is what the forwarder measured for this event, from its POST to A8 until the receipt.',
    ...hops(truth.table),
    ...(operated === undefined ? [] : operatedPart(operated)),
  ].join('\n\n');
}

/** What the second column of a cluster includes. */
const PORT_FORWARDS =
  '/health and /ready were asked through port-forwards of the API server, whose time is in the P95.';

function matrix(table: readonly TruthRow[], day: string): string {
  const rows = table.map((row) => [
    `${row.app} ${row.label}`,
    row.config.ok ? 'yes' : `no: ${row.config.missing.join(', ')}`,
    row.reachable.health && row.reachable.ready
      ? `yes, P95 ${ms(row.reachable.p95_ms)}`
      : `health ${yes(row.reachable.health)}, ready ${yes(row.reachable.ready)}`,
    row.event.persisted === true && row.event.row === true
      ? `persisted:true, row ${clock(row.event.row_at, day)}`
      : `persisted ${yes(row.event.persisted)}, row ${yes(row.event.row)}`,
    `**${row.verdict}**`,
  ]);
  const head = [
    'service',
    'config present?',
    'endpoint reachable? (/health, /ready)',
    'test event received by A8?',
    'verdict',
  ];
  return markdownTable(head, rows);
}

function reasons(table: readonly TruthRow[], head: string): string[] {
  const lines = table.flatMap(({ app, label, reasons: why }) =>
    why.map((reason) => `- ${app} ${label}: ${prose(reason)}`),
  );
  return lines.length === 0 ? [] : [head, lines.join('\n')];
}

function evidence(table: readonly TruthRow[], day: string): (string | number | null)[][] {
  return table.map(({ app, event }) => [
    app,
    stacked(code(event.event_id), code(event.request_id)),
    stacked(clock(event.at, day), clock(event.row_at, day)),
    ms(event.write_ms),
    event.retries,
  ]);
}

function hops(table: readonly TruthRow[]): string[] {
  const rows = table.flatMap(({ app, hops: seen }) => {
    if (seen === undefined || seen.sent_at === null) return [];
    const since = (at: string | null): number | null => {
      const took = Date.parse(at ?? '') - Date.parse(seen.sent_at ?? '');
      return Number.isNaN(took) ? null : Math.round(took);
    };
    return [
      [app, since(seen.answered_at), since(seen.queued_at), since(seen.receipt_at), since(seen.read_at)],
    ];
  });
  if (rows.length === 0) return [];
  return [
    '### Hops',
    "Milliseconds since the test event was sent. The forwarder's two columns are by its own clock; a negative number there is the difference of two clocks.",
    markdownTable(
      ['app', 'app answered', "on the forwarder's disk", "forwarder has A8's receipt", 'row read back'],
      rows,
    ),
  ];
}

function operatedPart({ cluster, broken, healed }: Operated): string[] {
  return [
    ...(cluster.tables ?? []).flatMap(toldByOperator),
    ...(broken === undefined ? [] : brokenPart(broken)),
    ...(healed === undefined
      ? []
      : [
          `The first table after that in which every row is green is number ${healed.id}, at ${healed.receivedAt}.`,
        ]),
  ];
}

/** The operator's own rows, which rest on canaries of its own. */
function toldByOperator({ name, spec, status }: TableTold): string[] {
  const verified = status.verifiedAt ?? '';
  const day = dayOf(verified);
  const conditions = (status.conditions ?? []).map(
    ({ type, status: is, reason }) => `${type} ${is} (${reason})`,
  );
  const rows = (status.rows ?? []).map((row) => [
    row.app,
    `**${row.verdict}**`,
    stacked(code(row.event?.eventId), code(row.event?.requestId)),
    clock(row.event?.rowAt, day),
    clock(row.expiresAt, day),
  ]);
  const { guards, lastDrill } = status;
  const { green = 0, red = 0, unknown = 0 } = status.summary ?? {};
  return [
    `### The operator's own table: \`kubectl get tt ${name}\``,
    `${green} green, ${red} red, ${unknown} unknown; verified ${verified === '' ? 'never' : verified}. ${conditions.join(', ')}. Remedy ${spec.remedy}, a canary every ${spec.canaryInterval}. A row is unknown once it has expired.`,
    ...(rows.length === 0
      ? []
      : [markdownTable(['app', 'verdict', 'event id, request id of A8', 'row written', 'expires'], rows)]),
    ...(guards === undefined
      ? []
      : [
          `What A8 must refuse, tried ${guards.at}: ${guards.kept} kept, ${guards.failed} failed, ${guards.unknown} unknown.`,
        ]),
    ...(lastDrill === undefined ? [] : [`Last outage drill: ${drillLine(drillSummaryOf(lastDrill))}`]),
  ];
}

function brokenPart({ id, receivedAt, green, table }: KeptVerdict): string[] {
  const silent = table.table.filter(
    ({ verdict, reachable }) => verdict !== 'green' && reachable.health && reachable.ready,
  );
  return [
    '### Before the repairs',
    `Number ${id} of A8's table \`verdicts\`, ${receivedAt}: ${green} of ${table.table.length} green.`,
    ...(silent.length === 0
      ? []
      : [
          `${silent.map(({ app }) => app).join(', ')} answered /health and /ready with 200, and ${silent.length === 1 ? 'is' : 'are'} not green: ${counted(silent.length, 'false positive')} of a check that asks no more than that.`,
        ]),
    matrix(table.table, dayOf(receivedAt)),
    ...reasons(table.table, '#### Why'),
  ];
}
