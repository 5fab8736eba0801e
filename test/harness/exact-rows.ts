import { waitFor } from '@scholar/runtime/testing';
import type { UnderTest } from './under-test.ts';

/** Events against rows of A8, by id. */
export interface RowCount {
  sent: number;
  rows: number;
  missing: string[];
  duplicates: string[];
}

/** Asks A8's database once. */
export async function countRows(system: Pick<UnderTest, 'query'>, ids: readonly string[]): Promise<RowCount> {
  const counts = await system.query<{ event_id: string; n: string }>(
    'SELECT event_id, count(*) AS n FROM events WHERE event_id = ANY($1) GROUP BY event_id',
    [ids],
  );
  const found = new Set(counts.map(({ event_id }) => event_id));
  return {
    sent: new Set(ids).size,
    rows: counts.length,
    missing: ids.filter((id) => !found.has(id)),
    duplicates: counts.filter(({ n }) => n !== '1').map(({ event_id }) => event_id),
  };
}

/** Waits until no row is missing, then expects each id to be exactly one row. */
export async function expectExactRows(
  system: Pick<UnderTest, 'query'>,
  ids: readonly string[],
  timeoutMs: number,
): Promise<void> {
  let last: RowCount | undefined;
  const complete = async () => {
    last = await countRows(system, ids);
    return last.missing.length === 0;
  };
  await waitFor(complete, { timeoutMs, intervalMs: 200, what: 'a row for every event' }).catch((cause) => {
    if (last === undefined) throw cause;
  });
  expect(last).toEqual({ sent: ids.length, rows: ids.length, missing: [], duplicates: [] });
}
