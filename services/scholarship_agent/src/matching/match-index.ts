import type { Scholarship } from '../catalogue/scholarship.ts';
import { type Column, createColumns } from './column.ts';

/**
 * The catalogue as matching reads it: rows in the order in which ties are decided, and each trait as a column of small numbers.
 * However large the catalogue, a trait has few distinct values, and a rule is asked once for each of them.
 */
export type MatchIndex = { rows: readonly Scholarship[]; columns: readonly Column[] };

/** Rows between two pauses: a millisecond or two of work. */
const SLICE = 1_000;

/**
 * Makes the index of a catalogue; the catalogue itself is left as it is.
 * @param pause awaited between slices of the work, so that requests are answered while a large catalogue is indexed
 */
export async function createMatchIndex(
  catalogue: readonly Scholarship[],
  pause: () => Promise<unknown>,
): Promise<MatchIndex> {
  const rows = catalogue.toSorted(byDeadlineThenId);
  const { columns, fill } = createColumns(rows.length);
  for (const [row, scholarship] of rows.entries()) {
    if (row % SLICE === SLICE - 1) await pause();
    fill(row, scholarship);
  }
  return { rows, columns };
}

function byDeadlineThenId(a: Scholarship, b: Scholarship): number {
  const [dayA, dayB] = [a.deadline ?? '9999', b.deadline ?? '9999'];
  if (dayA !== dayB) return dayA < dayB ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
