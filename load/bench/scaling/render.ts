import { figure, offBy, percentOf, table, whole } from '../markdown.ts';
import { ASSUMPTIONS, filledCell, fullPageBytes, perEventOf, totalBytes } from './arithmetic.ts';
import { renderLimits, renderSizing, renderSteps } from './render-sizing.ts';
import type { MeasuredCell, Played, ScalingResult } from './result.ts';

/** The generated sections of docs/SCALING.md. Pure: the same result gives the same text. */
export function renderSections(result: ScalingResult): Record<string, string> {
  const per = perEventOf(result);
  return {
    machine: machine(result),
    measured: measured(result.cells),
    bytes: sizes(result),
    pages: wholePages(result),
    statement: statement(result),
    limits: renderLimits(per),
    steps: renderSteps(per),
    sizing: renderSizing(per, ASSUMPTIONS.retentionDays),
    'sizing-short': renderSizing(per, 1),
    prediction: prediction(result),
    replicas: replicas(result.replicas),
    stalls: stalls(result.stalls),
  };
}

function machine({ machine, at, disturbance, rule, cells }: ScalingResult): string {
  const rounds = cells.map(({ rounds, kept }) => `${kept} of ${rounds}`);
  const busy = disturbance.busy
    ? ' **The machine was busy: rates are too low and latencies too high; CPU and bytes an event suffer less.**'
    : '';
  return [
    `${machine.cores} cores (${machine.model}), ${machine.memoryGb} GB, Node ${machine.node}, PostgreSQL ${machine.postgres}, ${at.slice(0, 10)}.`,
    `${rule} Kept of each cell: ${[...new Set(rounds)].join(', ')} rounds;`,
    `CPU used by others in them: ${percentOf(disturbance.medianOfKept)} (median).${busy}`,
  ].join('\n');
}

function measured(cells: readonly MeasuredCell[]): string {
  return table(
    [
      'load',
      'events/s (± deviation)',
      'P50 ms',
      'P95 ms',
      'A8 CPU us',
      'of it event loop',
      'PostgreSQL CPU us',
      'senders CPU us',
      'rows a commit',
      'machine in use',
      'of it by others',
    ],
    cells.map(({ name, median, deviation }) => [
      name,
      `${whole(median.eventsPerSecond)} ± ${whole(deviation.eventsPerSecond)}`,
      figure(median.p50Ms),
      figure(median.p95Ms),
      `${whole(median.hubCpuUs)} ± ${whole(deviation.hubCpuUs)}`,
      whole(median.hubLoopUs),
      `${whole(median.postgresCpuUs)} ± ${whole(deviation.postgresCpuUs)}`,
      whole(median.senderCpuUs),
      figure(median.rowsPerCommit),
      percentOf(median.busyCpu),
      percentOf(median.foreignCpu),
    ]),
  );
}

function sizes({ sizes, wire, cells }: ScalingResult): string {
  const { atEnd } = sizes;
  const of = (value: number) => figure(value / atEnd.rows);
  const { median } = filledCell({ cells });
  return table(
    ['bytes an event', ''],
    [
      ['body as sent', whole(wire.bodyBytes)],
      ['request on the socket (HTTP headers and body)', whole(wire.requestBytes)],
      ['answer on the socket', whole(wire.answerBytes)],
      ['A8 to PostgreSQL and back, in batches of 256', whole(wire.toDatabaseBytes)],
      [`table, at ${whole(atEnd.rows)} rows`, of(atEnd.heapBytes)],
      ['primary key (`event_id`)', of(atEnd.primaryKeyBytes)],
      ['cursor index (`xid, seq`)', of(atEnd.cursorIndexBytes)],
      ['BRIN, maps, TOAST', of(atEnd.timeIndexBytes + atEnd.otherBytes)],
      ['**on disk in all**', `**${of(totalBytes(atEnd))}**`],
      ['WAL without whole pages', whole(median.walBytes - median.fullPageBytes)],
    ],
  );
}

function wholePages(result: ScalingResult): string {
  const { primaryKeyBytes } = perEventOf(result);
  const checks = result.cells
    .filter(({ window }) => window > 1)
    .map(({ name, median }) => {
      const said = fullPageBytes({
        rows: median.rowsBefore,
        primaryKeyBytes,
        eventsPerCheckpoint: median.rowsSinceCheckpoint,
      });
      return [
        name,
        whole(median.rowsBefore),
        whole(median.rowsSinceCheckpoint),
        whole(median.fullPageBytes),
        whole(said),
      ];
    });
  const predicted = [1e6, 1e8, 1e9, 1e10].map((rows) => [
    `10,000 events/s, checkpoint every ${ASSUMPTIONS.checkpointSeconds} s`,
    whole(rows),
    whole(10_000 * ASSUMPTIONS.checkpointSeconds),
    'not measured',
    whole(
      fullPageBytes({ rows, primaryKeyBytes, eventsPerCheckpoint: 10_000 * ASSUMPTIONS.checkpointSeconds }),
    ),
  ]);
  return table(
    ['', 'rows before', 'events since the checkpoint', 'whole pages, B an event, measured', 'by the formula'],
    [...checks, ...predicted],
  );
}

function statement({ statements, costs }: ScalingResult): string {
  const rows = statements.map(({ rows, medianUs, cpuUs }) => [
    whole(rows),
    whole(medianUs),
    whole(cpuUs),
    figure(cpuUs / rows),
  ]);
  const line = `PostgreSQL CPU of a statement with n rows, as a line: ${figure(costs.statementUs)} us + ${figure(costs.rowUs)} us x n.`;
  return `${table(['rows in the statement', 'time us', 'PostgreSQL CPU us', 'a row'], rows)}\n\n${line}`;
}

function prediction({ comparisons }: ScalingResult): string {
  return table(
    [
      'cell',
      'events/s measured',
      'simulated',
      'off by',
      'P95 ms measured',
      'simulated',
      'off by',
      'rows a commit measured',
      'simulated',
    ],
    comparisons.map(({ cell, measured, predicted }) => [
      cell,
      whole(measured.eventsPerSecond),
      whole(predicted.eventsPerSecond),
      offBy(predicted.eventsPerSecond, measured.eventsPerSecond),
      figure(measured.p95Ms),
      figure(predicted.p95Ms),
      offBy(predicted.p95Ms, measured.p95Ms),
      figure(measured.rowsPerCommit),
      figure(predicted.rowsPerStatement),
    ]),
  );
}

function replicas(played: readonly Played[]): string {
  return table(
    ['replicas of A8', 'forwarders', 'events/s', 'P95 ms', 'rows a commit'],
    played.map(({ name, scenario, prediction }) => [
      name,
      whole(scenario.senders),
      whole(prediction.eventsPerSecond),
      figure(prediction.p95Ms),
      figure(prediction.rowsPerStatement),
    ]),
  );
}

const POLICY_TEXT: Readonly<Record<string, string>> = {
  mixed: '`mixed`: batches over all shards, as A8 is today',
  by_shard: '`by_shard`: batches and connections by shard',
  refuse: '`refuse`: the same, and 503 with Retry-After for the ill shard',
  refuse_event: '`refuse_event`: the same, 503 without Retry-After',
  end_to_end: '`end_to_end`: by shard, and forwarders with a window for each shard',
};

function stalls(played: readonly Played[]): string {
  const rows = played.map(({ name, scenario, prediction: { perSecond } }) => {
    const { fromS = 0, toS = 0 } = scenario.stall ?? {};
    const mean = (from: number, to: number) => {
      const part = perSecond.slice(from, to);
      return whole(part.reduce((sum, value) => sum + value, 0) / part.length);
    };
    return [POLICY_TEXT[name] ?? name, mean(0, fromS), mean(fromS + 1, toS), mean(toS + 1, perSecond.length)];
  });
  return table(['how shards are written', 'events/s before', 'while one of four hangs', 'after'], rows);
}
