import { EventEmitter } from 'node:events';
import pg from 'pg';

const NOT_CONFIGURED = 'DATABASE_URL is not set: set DATABASE_URL or DATABASE_URL_FILE and restart';

/** 08001 is the SQLSTATE of "cannot connect", so this counts as unavailable everywhere. */
export function notConfigured(): Error {
  return Object.assign(new Error(NOT_CONFIGURED), { code: '08001' });
}

/** As much of a client as pg's pool uses before it is connected. */
class Unconfigured extends EventEmitter {
  connect(done: (error: Error) => void): void {
    queueMicrotask(() => done(notConfigured()));
  }

  end(): void {}
}

/**
 * A pool whose every connection fails with a message that says what is missing: a missing secret is a finding, not an
 * outage, so the process runs and answers 503 where it needs the database.
 */
export function unconfiguredPool(): pg.Pool {
  const pool = new pg.Pool({ Client: Unconfigured as unknown as new () => pg.ClientBase });
  pool.on('error', () => {});
  return pool;
}
