import { EventEmitter } from 'node:events';
import pg from 'pg';
import { createPool, type DbLog } from '../db/index.ts';

const NOT_CONFIGURED = 'DATABASE_URL is not set: set DATABASE_URL or DATABASE_URL_FILE and restart';

/** 08001 is the SQLSTATE of "cannot connect", so this counts as unavailable everywhere (runtime/db). */
function notConfigured(): Error {
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
 * The pool of a service. Without a URL it is a pool whose every connection fails with a message that says so: a
 * missing secret is a finding, not an outage, so the process runs and answers 503 where it needs the database.
 */
export function createServicePool(options: {
  url: string | undefined;
  label: string;
  max: number;
  log: DbLog;
}): pg.Pool {
  const { url, label, max, log } = options;
  if (url !== undefined) return createPool({ url, max, applicationName: label, log });
  const pool = new pg.Pool({ Client: Unconfigured as unknown as new () => pg.ClientBase });
  pool.on('error', () => {});
  return pool;
}

/** The readiness check of the database. */
export async function checkDatabase(pool: pg.Pool): Promise<void> {
  await pool.query('SELECT 1');
}
