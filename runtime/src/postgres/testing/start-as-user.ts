/**
 * Becomes an ordinary user, starts a database twice, and says what it found.
 * Arguments: uid, gid, data folder, port, bin folder of PostgreSQL. The code is loaded before the change of user, since
 * the clone may lie where only root can read.
 */
import pg from 'pg';
import { type PostgresOptions, removePostgres, startPostgres } from '../index.ts';

const [uid, gid, dataDir = '', port, binariesDir = ''] = process.argv.slice(2);
process.setgroups?.([]);
process.setgid?.(Number(gid));
process.setuid?.(Number(uid));

const log = { info: () => {}, warn: console.log };
const options: PostgresOptions = { dataDir, port: Number(port), password: 'secret', log, binariesDir };

async function query(url: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return JSON.stringify(rows);
}

const first = await startPostgres(options);
await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
await first.stop();
const second = await startPostgres(options);
console.log(`uid ${process.getuid?.()} kept ${await query(second.url, 'SELECT n FROM kept')}`);
await second.stop();
await removePostgres(dataDir);
console.log('removed');
