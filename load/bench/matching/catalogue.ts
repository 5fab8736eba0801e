import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createPool, migrate } from '@scholar/runtime/db';
import { removePostgres, startPostgres } from '@scholar/runtime/postgres';
import { freePort } from '@scholar/runtime/testing';
import type pg from 'pg';
import { toColumns } from '../../../services/scholarship_api/src/catalogue/row.ts';
import { generateScholarships } from '../../../services/scholarship_api/src/seed/generate-scholarships.ts';

const MIGRATIONS = new URL('../../../services/scholarship_api/migrations/', import.meta.url);
/** Rows of one INSERT. */
const BATCH = 2_000;

export type FilledCatalogue = { pool: pg.Pool; version: string; stop(): Promise<void> };

/** A real PostgreSQL with the schema of scholarship_api and so many of its samples, analyzed. Remove it by `stop`. */
export async function fillCatalogue(folder: string, count: number): Promise<FilledCatalogue> {
  const dataDir = join(folder, 'postgres');
  const postgres = await startPostgres({
    dataDir,
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    log: { info: () => {}, warn: console.warn },
  });
  // It runs in a group of its own: an end of ours that nobody foresaw must be its end, too.
  const stopWithUs = () => process.kill(postgres.pid, 'SIGINT');
  process.once('exit', stopWithUs);
  const pool = createPool({
    url: postgres.url,
    max: 2,
    applicationName: 'bench',
    statementTimeoutMs: 600_000,
  });
  const stop = async () => {
    await pool.end();
    process.off('exit', stopWithUs);
    await postgres.stop();
    await removePostgres(dataDir);
  };
  try {
    await migrate({ url: postgres.url, dir: MIGRATIONS });
    await insertSamples(pool, count);
    return { pool, version: postgres.version, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function insertSamples(pool: pg.Pool, count: number): Promise<void> {
  const samples = generateScholarships(count, Date.now());
  for (let from = 0; from < samples.length; from += BATCH) {
    const batch = samples.slice(from, from + BATCH).map((sample) => {
      const { names, values } = toColumns(sample);
      return Object.fromEntries(names.map((name, index) => [name, values[index]]));
    });
    const names = Object.keys(batch[0] ?? {}).join(', ');
    await pool.query(
      `INSERT INTO scholarships (sample, ${names})
       SELECT true, ${names} FROM jsonb_populate_recordset(NULL::scholarships, $1::jsonb)`,
      [JSON.stringify(batch)],
    );
  }
  await pool.query('VACUUM (ANALYZE) scholarships');
}
