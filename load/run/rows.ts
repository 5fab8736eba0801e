import pg from 'pg';
import { eventIdOf } from '../scenarios/parts/event-id-of.ts';

/** Ids of all rows of a run: one range of the primary key. @throws Error of the database */
export async function rowsOf(databaseUrl: string, run: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ event_id: string }>(
      'SELECT event_id FROM events WHERE event_id BETWEEN $1 AND $2',
      [eventIdOf(run, 0), eventIdOf(run, 2 ** 48 - 1)],
    );
    return new Set(rows.map(({ event_id: id }) => id));
  } finally {
    await client.end().catch(() => undefined);
  }
}
