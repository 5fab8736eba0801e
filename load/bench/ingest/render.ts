import { figure, percentOf, table, whole } from '../markdown.ts';
import { goalsTable } from '../render-goals.ts';
import { MOST_MOVED } from '../steady.ts';
import { CELLS, type Cell, WAY_PER_SECOND } from './cells.ts';
import type { IngestResult, Summary } from './result.ts';

/** The generated sections of docs/BENCHMARKS_INGEST.md. Pure. Without a result they say so. */
export function renderSections(result: IngestResult | undefined): Record<string, string> {
  if (result === undefined) {
    const none = 'No figures yet: `make bench` writes them.';
    return { machine: none, goals: none, cells: none, way: none, profile: none };
  }
  return {
    machine: machine(result),
    goals: goalsTable(result.goals),
    cells: CELLS.map((each) => cell(each, result)).join('\n\n'),
    way: way(result),
    profile: table(
      ['function', 'share of the busy time'],
      result.profile.map(({ where, share }) => [`\`${where}\``, percentOf(share)]),
    ),
  };
}

function machine({ machine, at, versions, plan }: IngestResult): string {
  const { cores, model, memoryGb, fileSystem, kernel, node } = machine;
  const others = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const busy =
    plan.moved > MOST_MOVED ? ' **The machine was busy: only ratios may be read, with care.**' : '';
  return [
    `${cores} cores (${model}), ${memoryGb} GB, ${fileSystem}, Linux ${kernel}, Node ${node}, ${others.join(', ')}, ${at.slice(0, 10)}.`,
    `${plan.passes} passes kept, ${plan.thrownAway} thrown away; ${plan.warmMs / 1_000} s to warm up and ${plan.measureMs / 1_000} s that count in each round;`,
    `${whole(plan.prefilledRows)} rows in the filled table. The probes of the kept passes moved by ${percentOf(plan.moved)} at most.${busy} The run took ${whole(plan.seconds / 60)} minutes.`,
  ].join('\n');
}

function cell({ name, what }: Cell, { cells }: IngestResult): string {
  const head = ['', 'events/s', 'mean ms', 'p50 ms', 'p95 ms', 'p99 ms'];
  const cpu = ['server CPU us', 'PostgreSQL CPU us', 'load CPU us', 'others'];
  return `**${name}**: ${what}.\n\n${table([...head, ...cpu], Object.values(cells[name] ?? {}).map(row))}`;
}

function row(each: Summary): string[] {
  return [
    each.title,
    `${whole(each.perSecond ?? 0)} ± ${whole(each.deviation)}`,
    ...[each.averageMs, each.p50Ms, each.p95Ms, each.p99Ms].map(figureOrDash),
    ...[each.serverCpuUs || null, each.databaseCpuUs, each.loadCpuUs].map(figureOrDash),
    percentOf(each.foreignCpu ?? 0),
  ];
}

function figureOrDash(value: number | null): string {
  return value === null ? '–' : figure(value);
}

function way({ way }: IngestResult): string {
  return table(
    [`${WAY_PER_SECOND} a second`, 'p50 ms', 'p95 ms', 'p99 ms'],
    [
      [
        'call to committed row',
        ...[way.committedP50Ms, way.committedP95Ms, way.committedP99Ms].map((value) => figure(value)),
      ],
      ["call to the forwarder's 202", '–', figure(way.acknowledgedP95Ms), '–'],
    ],
  );
}
