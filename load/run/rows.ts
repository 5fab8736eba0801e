import pg from 'pg';

const AT_ONCE = 10_000;

/** Which of these ids are rows. @throws Error of the database */
export async function rowsOf(databaseUrl: string, ids: readonly string[]): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  const found = new Set<string>();
  try {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const { rows } = await client.query<{ event_id: string }>(
        'SELECT event_id FROM events WHERE event_id = ANY($1::uuid[])',
        [ids.slice(at, at + AT_ONCE)],
      );
      for (const { event_id: id } of rows) found.add(id);
    }
    return found;
  } finally {
    await client.end().catch(() => undefined);
  }
}
