import { figure, percentOf, table, whole } from '../markdown.ts';
import { goalsTable } from '../render-goals.ts';
import { MOST_MOVED } from '../steady.ts';
import { CELLS, type CellName } from './cells.ts';
import { SMALL_HEAP } from './heap-flags.ts';
import type { BenchResult, Summary } from './result.ts';

/** The generated sections of docs/BENCHMARKS.md. Pure: the same result gives the same text. Without a result they say so. */
export function renderSections(result: BenchResult | undefined): Record<string, string> {
  if (result === undefined) {
    const none = 'No figures yet: `make bench` writes them.';
    return { machine: none, goals: none, cells: none, syncs: none, growth: none, profile: none };
  }
  return {
    machine: machine(result),
    goals: goalsTable(result.goals),
    cells: CELLS.map(({ name, what, delivers }) => cell(name, what, delivers, result)).join('\n\n'),
    syncs: syncs(result.syncs),
    growth: growth(result),
    profile: profile(result),
  };
}

function machine({ machine, at, versions, plan }: BenchResult): string {
  const { cores, model, memoryGb, fileSystem, kernel, node } = machine;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const busy =
    plan.moved > MOST_MOVED ? ' **The machine was busy: only ratios may be read, with care.**' : '';
  return [
    `${cores} cores (${model}), ${memoryGb} GB, ${fileSystem}, Linux ${kernel}, Node ${node}, ${at.slice(0, 10)}.`,
    `Peers: ${peers.join(', ')}.`,
    `${plan.passes} passes kept, ${plan.thrownAway} thrown away; ${plan.warmMs / 1_000} s to warm up and ${plan.measureMs / 1_000} s that count in each round;`,
    `the probes of the kept passes moved by ${percentOf(plan.moved)} at most.${busy} The whole run took ${whole(plan.seconds / 60)} minutes.`,
  ].join('\n');
}

function cell(name: CellName, what: string, delivers: boolean, { cells, bare }: BenchResult): string {
  const rows = Object.values(cells[name] ?? {}).map((each) => row(each, delivers));
  if (name === 'alone') rows.push(bareRow('bare append and fdatasync', bare.p50Ms, bare.p99Ms));
  if (name === 'paced') rows.push(bareRow('bare append and fdatasync', bare.pacedP50Ms, bare.pacedP99Ms));
  const rate = delivers ? 'delivered/s' : 'acknowledged/s';
  const head = ['', rate, 'p50 ms', 'p95 ms', 'p99 ms', 'CPU us', 'written B', 'device B', 'PSS MB'];
  return `**${name}**: ${what}.\n\n${table(head, rows)}`;
}

function row(each: Summary, delivers: boolean): string[] {
  const rate = delivers ? each.deliveredPerSecond : each.perSecond;
  return [
    each.title,
    `${whole(rate)} ± ${whole(each.deviation)}`,
    ...[each.p50Ms, each.p95Ms, each.p99Ms].map(figure),
    figure(each.cpuUs),
    whole(each.writtenBytes),
    whole(each.deviceBytes),
    figure(each.pssBytes / 1e6),
  ];
}

function bareRow(title: string, p50Ms: number, p99Ms: number): string[] {
  return [title, '–', figure(p50Ms), '–', figure(p99Ms), '–', '–', '–', '–'];
}

function syncs(all: BenchResult['syncs']): string {
  const rows = Object.values(all).map(({ title, events, syncCalls, syncedWrites }) => [
    title,
    whole(events),
    whole(syncCalls),
    whole(syncedWrites),
    figure((syncCalls + syncedWrites) / events),
  ]);
  return table(['', 'events', 'fsync, fdatasync, msync', 'writes with O_DSYNC', 'syncs an event'], rows);
}

function growth({ growth, idleBytes, plan }: BenchResult): string {
  const { small, large } = growth;
  const rows = [small, large].map((state) => [
    whole(state.queued),
    figure(state.p50Ms),
    whole(state.drainPerSecond),
    figure(state.pssBytes / 1e6),
  ]);
  return [
    table(['undelivered', 'p50 of an acknowledgement, ms', 'drained/s', 'PSS MB'], rows),
    '',
    `Killed with ${whole(large.queued)} undelivered and started ${growth.restarts} times (medians): ready after ${figure(growth.readyMs)} ms,`,
    `first acknowledgement after ${figure(growth.firstAckMs)} ms, first delivery after ${figure(growth.firstDeliveryMs)} ms, ${growth.lost} of the acknowledged lost.`,
    '',
    `Seven idle for ${plan.idleMs / 1_000} s: forwarders ${figure(idleBytes.forwarder / 1e6)} MB, with \`${SMALL_HEAP.join(' ')}\` ${figure(idleBytes.smallHeap / 1e6)} MB, collectors ${figure(idleBytes.otel / 1e6)} MB (PSS).`,
  ].join('\n');
}

function profile({ profile }: BenchResult): string {
  return table(
    ['function', 'share of the busy time'],
    profile.map(({ where, share }) => [`\`${where}\``, percentOf(share)]),
  );
}
