import { digits, median, medianDeviation } from '../statistics.ts';
import { type Cell, TITLES } from './cells.ts';
import { roundOf } from './goals.ts';
import type { Pass } from './passes.ts';
import type { IngestResult, Summary } from './result.ts';
import type { Round } from './round.ts';
import type { Way } from './way.ts';

/** Pure: what the tables show of the kept passes. */
export function summarizeCells(passes: readonly Pass[], cells: readonly Cell[]): IngestResult['cells'] {
  return Object.fromEntries(
    cells.map(({ name: cell, contestants }) => [
      cell,
      Object.fromEntries(
        contestants.map((name) => [
          name,
          summarize(
            TITLES[name],
            passes.map((pass) => roundOf(pass, cell, name)),
          ),
        ]),
      ),
    ]),
  );
}

function summarize(title: string, rounds: readonly Round[]): Summary {
  const [first] = rounds;
  if (first === undefined) throw new Error('no pass was kept');
  const medians = Object.fromEntries(
    (Object.keys(first) as (keyof Round)[]).map((key) => [
      key,
      known(median(rounds.map((each) => each[key]))),
    ]),
  ) as Record<keyof Round, number | null>;
  return { title, deviation: digits(medianDeviation(rounds.map((each) => each.perSecond))), ...medians };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : digits(value);
}

/** Pure. @throws Error when a pass went without it */
export function summarizeWay(passes: readonly Pass[]): Way {
  const ways = passes.map(({ way }) => {
    if (way === undefined) throw new Error('the way was not measured in every pass');
    return way;
  });
  const of = (key: keyof Way): number => digits(median(ways.map((each) => each[key])));
  return {
    events: of('events'),
    committedP50Ms: of('committedP50Ms'),
    committedP95Ms: of('committedP95Ms'),
    committedP99Ms: of('committedP99Ms'),
    acknowledgedP95Ms: of('acknowledgedP95Ms'),
    waited: of('waited'),
    foreignCpu: of('foreignCpu'),
  };
}
