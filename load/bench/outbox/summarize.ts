import { digits, median, medianDeviation } from '../statistics.ts';
import type { Cell } from './cells.ts';
import type { Contestant, ContestantName } from './contestants/contestant.ts';
import { roundOf } from './goals/goal.ts';
import type { Pass } from './passes.ts';
import type { BenchResult, Summary } from './result.ts';
import type { Round } from './round.ts';

/** Pure: what the tables show of the kept passes. */
export function summarizeCells(
  passes: readonly Pass[],
  cells: readonly Cell[],
  find: (name: ContestantName) => Pick<Contestant, 'title'>,
): BenchResult['cells'] {
  return Object.fromEntries(
    cells.map((cell) => [
      cell.name,
      Object.fromEntries(
        cell.contestants.map((name) => {
          const rounds = passes.map((pass) => roundOf(pass, cell.name, name));
          return [name, summarize(find(name).title, rounds, cell.delivers)];
        }),
      ),
    ]),
  );
}

export function summarizeBare(passes: readonly Pass[]): BenchResult['bare'] {
  const of = (figure: (pass: Pass) => number): number => digits(median(passes.map(figure)));
  return {
    p50Ms: of(({ bare }) => bare.closed.p50Ms),
    p99Ms: of(({ bare }) => bare.closed.p99Ms),
    pacedP50Ms: of(({ bare }) => bare.paced.p50Ms),
    pacedP99Ms: of(({ bare }) => bare.paced.p99Ms),
  };
}

function summarize(title: string, rounds: readonly Round[], delivers: boolean): Summary {
  const rateOf = (round: Round): number => (delivers ? round.deliveredPerSecond : round.perSecond);
  const of = (figure: (round: Round) => number): number => digits(median(rounds.map(figure)));
  return {
    title,
    perSecond: of((round) => round.perSecond),
    deviation: digits(medianDeviation(rounds.map(rateOf))),
    deliveredPerSecond: of((round) => round.deliveredPerSecond),
    p50Ms: of((round) => round.p50Ms),
    p95Ms: of((round) => round.p95Ms),
    p99Ms: of((round) => round.p99Ms),
    cpuUs: of((round) => round.cpuUsPerSecond / rateOf(round)),
    writtenBytes: of((round) => round.writtenPerSecond / rateOf(round)),
    deviceBytes: of((round) => round.devicePerSecond / rateOf(round)),
    pssBytes: of((round) => round.pssBytes),
    foreignCpu: of((round) => round.foreignCpu),
    clientCpuUs: of((round) => round.clientCpuUsPerSecond / rateOf(round)),
  };
}
