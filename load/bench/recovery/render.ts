import { figure, percentOf, table, whole } from '../markdown.ts';
import { goalsTable } from '../render-goals.ts';
import { median } from '../statistics.ts';
import { ARRANGEMENTS, type Arrangement } from './arrangements.ts';
import { ratioOf } from './goals.ts';
import type { RecoveryResult } from './result.ts';
import type { Round } from './round.ts';

/** The generated sections of docs/BENCHMARKS_RECOVERY.md. Pure. Without a result they say so. */
export function renderSections(result: RecoveryResult | undefined): Record<string, string> {
  if (result === undefined) {
    const none = 'No figures yet: `make recovery` writes them.';
    return { machine: none, goals: none, rounds: none, cpu: none };
  }
  return {
    machine: machine(result),
    goals: goalsTable(result.goals),
    rounds: table(
      ['', 'A8 alone/s', 'drained/s', 'ratio', 'live events', 'P50 ms', 'P95 ms', 'longest ms'],
      result.rounds.map(row),
    ),
    cpu: table(
      ['', 'A8', 'PostgreSQL', 'bare sender', 'A8', 'PostgreSQL', 'forwarders'],
      ARRANGEMENTS.map((each) => cpu(each, result.rounds)),
    ),
  };
}

function machine({ machine, at, versions, plan }: RecoveryResult): string {
  const { cores, model, memoryGb, fileSystem, kernel, node } = machine;
  return [
    `${cores} cores (${model}), ${memoryGb} GB, ${fileSystem}, Linux ${kernel}, Node ${node}, PostgreSQL ${versions['PostgreSQL']}, ${at.slice(0, 10)}.`,
    `${plan.rounds} rounds of each. The run took ${whole(plan.seconds / 60)} minutes.`,
  ].join('\n');
}

function row(round: Round): string[] {
  const { arrangement, alone, drained } = round;
  const { live, perSecond } = drained;
  return [
    arrangement,
    whole(alone.perSecond),
    whole(perSecond),
    percentOf(ratioOf(round)),
    whole(live.events),
    ...[live.p50Ms, live.p95Ms, live.maxMs].map(figure),
  ];
}

function cpu({ name }: Arrangement, all: readonly Round[]): string[] {
  const rounds = all.filter(({ arrangement }) => arrangement === name);
  const usual = (of: (round: Round) => number) => figure(median(rounds.map(of)));
  return [
    name,
    usual(({ alone }) => alone.cpuUs.hub),
    usual(({ alone }) => alone.cpuUs.postgres),
    usual(({ alone }) => alone.cpuUs.sender),
    usual(({ drained }) => drained.cpuUs.hub),
    usual(({ drained }) => drained.cpuUs.postgres),
    usual(({ drained }) => drained.cpuUs.forwarders),
  ];
}
