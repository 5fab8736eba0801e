import type { DrillSummary, TruthRow, TruthTable } from '@scholar/contract';
import { paint, type Screen, type Tone, table } from './output.ts';

const TONES: Record<TruthRow['verdict'], Tone> = { green: 'good', red: 'bad', unknown: 'warn' };

/** @returns the truth table for a terminal: three columns of the brief, the evidence, and why a row is not green. */
export function truthTableText(truth: TruthTable, screen: Pick<Screen, 'color'>): string {
  const rows = truth.table.map((row) => [
    row.app,
    row.label,
    row.config.ok ? 'yes' : `no: ${row.config.missing.join(', ')}`,
    reachableText(row),
    eventText(row),
    row.event.event_id ?? '-',
    row.event.write_ms === null ? '-' : `${row.event.write_ms.toFixed(1)} ms`,
    String(row.event.retries ?? '-'),
    paint(screen, TONES[row.verdict], row.verdict),
  ]);
  const head = [
    '',
    'service',
    'config present',
    'reachable',
    'event in A8',
    'event id',
    'write',
    'retries',
    'verdict',
  ];
  return [
    table(head, rows),
    ...reasonLines(truth, screen),
    ...drillLines(truth, screen),
    summaryLine(truth, screen),
  ].join('\n');
}

function reachableText({ reachable }: TruthRow): string {
  if (!reachable.health) return 'no';
  return reachable.ready ? `yes, p95 ${reachable.p95_ms?.toFixed(1) ?? '-'} ms` : 'not ready';
}

function eventText({ event }: TruthRow): string {
  if (event.row === null) return 'could not look';
  return event.row ? `row ${event.row_at?.slice(11, 23) ?? ''}` : 'no row';
}

function reasonLines({ table: rows }: TruthTable, screen: Pick<Screen, 'color'>): string[] {
  return rows
    .filter(({ verdict }) => verdict !== 'green')
    .flatMap(({ app, label, verdict, reasons }) =>
      reasons.map((reason) => `  ${paint(screen, TONES[verdict], app)} ${label}: ${reason}`),
    );
}

function drillLines({ last_drill: drill }: TruthTable, screen: Pick<Screen, 'color'>): string[] {
  if (drill === undefined) return [];
  const text = `last drill ${drill.at.slice(0, 16).replace('T', ' ')} UTC, ${drill.label}: ${drillOutcome(drill)}`;
  return [paint(screen, drill.ok ? 'good' : 'bad', text)];
}

/** Pure: "120 of 120 rows, recovered in 1.2 s". */
export function drillOutcome({ queued, rows, recovery_ms }: DrillSummary): string {
  const recovery =
    recovery_ms === null ? 'not recovered' : `recovered in ${(recovery_ms / 1_000).toFixed(1)} s`;
  return `${rows} of ${queued} rows, ${recovery}`;
}

function summaryLine(truth: TruthTable, screen: Pick<Screen, 'color'>): string {
  const green = truth.table.filter(({ verdict }) => verdict === 'green').length;
  const plays = truth.simulations.map(
    ({ name, row, persisted }) => `${name} ${row && persisted ? 'proven' : 'NOT proven'}`,
  );
  const text = `${green} of ${truth.table.length} green; P95 of a write ${truth.p95_write_ms ?? '-'} ms${plays.length > 0 ? `; simulations: ${plays.join(', ')}` : ''}`;
  return paint(screen, truth.ok ? 'good' : 'bad', text);
}
