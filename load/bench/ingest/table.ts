import { countFound, countRows } from '../rows.ts';
import type { Site } from '../system.ts';
import type { Table } from './cells.ts';

export type Before = { rows: number; at: string };

/**
 * The table as every round finds it: without rows, or with those that it was filled with, right after a checkpoint: the first
 * touch of a page after one writes the whole page to the WAL.
 */
export async function prepareTable({ admin }: Site, table: Table): Promise<Before> {
  if (table === 'empty') await admin.query('TRUNCATE events');
  await admin.query('CHECKPOINT');
  const { rows } = await admin.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
  return { rows: await countRows(admin), at: rows[0]?.at ?? '' };
}

/** Takes out what a round has added; vacuum gives the end of the table back, so the next round finds the same pages. */
export async function clearTable({ admin }: Site, table: Table, before: Before): Promise<void> {
  if (table === 'empty') return;
  await admin.query("DELETE FROM events WHERE received_at >= $1::timestamptz - interval '1 ms'", [before.at]);
  await admin.query('VACUUM events');
}

/**
 * The rows that a round added are exactly those that were acknowledged.
 * @throws Error with the counts; then somebody has lied, and the round means nothing
 */
export async function verifyIds({ admin }: Site, before: Before, ids: ReadonlySet<string>): Promise<void> {
  const found = await countFound(admin, ids);
  await verifyCount({ admin }, before, ids.size);
  if (found !== ids.size) throw new Error(`${ids.size} events were acknowledged, ${found} of them are rows`);
}

export async function verifyCount(
  { admin }: Pick<Site, 'admin'>,
  before: Before,
  acknowledged: number,
): Promise<void> {
  const added = (await countRows(admin)) - before.rows;
  if (added !== acknowledged)
    throw new Error(`${acknowledged} rows were acknowledged, ${added} were added to the table`);
}
