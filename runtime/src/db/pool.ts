import pg from 'pg';
import { unconfiguredPool } from './unconfigured-pool.ts';

/** The part of a logger that is used here; pino's fits. */
export type DbLog = { warn(fields: object, message: string): void };

export type PoolOptions = {
  /** postgres://user:password@host:port/database; undefined = not configured, and every query says so. */
  url: string | undefined;
  /** Most connections at once. Default 10. */
  max?: number;
  /** Shown in pg_stat_activity, so that a person can see whose connection it is. */
  applicationName: string;
  /** Set on every connection; without it the server's own setting holds. */
  synchronousCommit?: 'on' | 'off' | 'local' | 'remote_write' | 'remote_apply';
  /** How long to wait for a connection, ms. Default 5,000. */
  connectionTimeoutMs?: number;
  /** The server ends a statement that runs longer, ms. Default 30,000. */
  statementTimeoutMs?: number;
  /** An idle connection is closed after this, ms. Default 30,000. */
  idleTimeoutMs?: number;
  log?: DbLog;
};

/**
 * A pool that survives its server: a connection that breaks while idle is dropped and mentioned, never thrown into the
 * process. Connects lazily, so it can be made while the database is down.
 */
export function createPool(options: PoolOptions): pg.Pool {
  if (options.url === undefined) return unconfiguredPool();
  const statementTimeout = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 5_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    statement_timeout: statementTimeout,
    // The server cannot answer when it is gone without a goodbye, so the client has a bound of its own, a little later.
    query_timeout: statementTimeout + 5_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    ...(options.synchronousCommit === undefined
      ? {}
      : { options: `-c synchronous_commit=${options.synchronousCommit}` }),
  });
  // Without a listener on both, Node ends the process when the server closes an idle or a checked-out connection.
  pool.on('error', (error) => options.log?.warn({ code: sqlState(error) }, 'a database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function sqlState(error: unknown): string {
  return (error as { code?: string }).code ?? 'unknown';
}
