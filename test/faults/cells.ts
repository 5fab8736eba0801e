import { FAULTS, type Fault } from '@scholar/runtime/testing';
import { DEPENDENCIES, type Dependency, type Outcome, outcomeOf, type PairRow, type Row } from './outcome.ts';
import { PAIRS } from './pairs.ts';
import { ROWS } from './table.ts';

/** What is broken at once, and what the table says of each request that is concerned. */
export type Cell = {
  name: string;
  broken: readonly Dependency[];
  fault: Fault;
  expected: readonly { ask: string; outcome: Outcome }[];
};

/** The cells of a service, in the order of the page: each thing in each of these ways, then two things gone at once. */
export function cellsOf(label: Row['service'], faults: readonly Fault[] = FAULTS): Cell[] {
  const rows = ROWS.filter(({ service }) => service === label);
  const pairs = PAIRS.filter(({ service }) => service === label);
  const single = (Object.keys(DEPENDENCIES) as Dependency[]).flatMap((dependency) => {
    const concerned = rows.filter(({ under }) => under[dependency]);
    return concerned.length === 0 ? [] : faults.map((fault) => cellOf(concerned, dependency, fault));
  });
  return [...single, ...doubleCells(pairs)];
}

function cellOf(concerned: readonly Row[], dependency: Dependency, fault: Fault): Cell {
  const expected = concerned.flatMap((row) => {
    const outcome = outcomeOf(row, dependency, fault);
    return outcome ? [{ ask: row.ask, outcome }] : [];
  });
  return { name: `${DEPENDENCIES[dependency]} is ${fault}`, broken: [dependency], fault, expected };
}

/** One cell for each two things, whatever the number of pages that are looked at meanwhile. */
function doubleCells(pairs: readonly PairRow[]): Cell[] {
  const cells = Map.groupBy(pairs, ({ gone }) => gone.map((one) => DEPENDENCIES[one]).join(' and '));
  return [...cells].map(([names, rows]) => ({
    name: `${names} are gone`,
    broken: rows[0]?.gone ?? [],
    fault: 'gone',
    expected: rows.map(({ ask, outcome }) => ({ ask, outcome })),
  }));
}
