import { join } from 'node:path';
import { bareAppends, type Probe, probe } from '../probe.ts';
import type { Cell, CellName } from './cells.ts';
import type { Contestant, ContestantName } from './contestants/contestant.ts';
import { measureRound, type Round } from './round.ts';

/** One pass: every cell with every contestant once, one after the other, between two looks at the machine. */
export type Pass = {
  rounds: Partial<Record<CellName, Partial<Record<ContestantName, Round>>>>;
  bare: { closed: { p50Ms: number; p99Ms: number }; paced: { p50Ms: number; p99Ms: number } };
  before: Probe;
  after: Probe;
};

export type PassPlan = {
  folder: string;
  warmMs: number;
  measureMs: number;
  probeMs: number;
  say: (text: string) => void;
};

export async function measurePass(
  cells: readonly Cell[],
  find: (name: ContestantName, cell: CellName) => Contestant,
  plan: PassPlan,
): Promise<Pass> {
  const { folder, probeMs, say, ...times } = plan;
  const before = await probe(folder, probeMs);
  const rounds: Pass['rounds'] = {};
  for (const cell of cells) {
    const of: Partial<Record<ContestantName, Round>> = {};
    for (const name of cell.contestants) {
      const contestant = find(name, cell.name);
      const round = await measureRound({ ...times, cell, contestant, folder: join(folder, 'round') });
      of[name] = round;
      const rate = cell.delivers ? round.deliveredPerSecond : round.perSecond;
      say(
        `${cell.name}: ${contestant.title}: ${Math.round(rate)}/s, p50 ${round.p50Ms.toFixed(2)}, ` +
          `p99 ${round.p99Ms.toFixed(2)} ms, others used ${(round.foreignCpu * 100).toFixed(0)} %`,
      );
    }
    rounds[cell.name] = of;
  }
  const bare = {
    closed: await bareAppends(folder, probeMs * 2),
    paced: await bareAppends(folder, probeMs * 4, 1_000),
  };
  return { rounds, bare, before, after: await probe(folder, probeMs) };
}
