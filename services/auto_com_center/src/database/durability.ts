import type { Pool } from 'pg';

/** Settings without which `persisted:true` is not true after a crash. */
const REQUIRED = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

type Durability = Record<(typeof REQUIRED)[number], string> & { read_only: string };

/**
 * For /ready: a COMMIT on this pool survives a crash of the server, and writing is possible here.
 * @throws Error naming each setting that is off, or that the server is a standby.
 */
export async function checkDurability(pool: Pool): Promise<void> {
  const result = await pool.query<Durability>(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
            current_setting('synchronous_commit') AS synchronous_commit,
            current_setting('transaction_read_only') AS read_only`,
  );
  const [settings] = result.rows;
  if (settings === undefined) throw new Error('the database did not tell its settings');
  const off = REQUIRED.filter((name) => settings[name] === 'off');
  if (off.length > 0) {
    throw new Error(
      `${off.join(' and ')} is off: a receipt would not survive a crash. Set it to on in PostgreSQL.`,
    );
  }
  if (settings.read_only === 'on') {
    throw new Error('the server is read-only (a standby?): point DATABASE_URL to the primary.');
  }
}
