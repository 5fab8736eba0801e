import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ringEntry } from '@scholar/contract';
import {
  createTestDatabase,
  freePort,
  type SpawnedService,
  spawnService,
  type TestDatabase,
} from '@scholar/runtime/testing';

/** Of this A8, for every event of scholar_auth. */
export const TORTURE_KEY = 'torture-key-000000000000000000000000000000000000';
export const OPERATIONS_KEY = 'torture-operations-key-0000000000000000000000000';
const ENTRY = new URL('../../../../services/auto_com_center/src/main.ts', import.meta.url);

/** A8 as a process over a real PostgreSQL, that can be killed and started again on its port. */
export interface RealA8 {
  url: string;
  keyFile: string;
  /** Its database, past it. */
  pool: TestDatabase['pool'];
  start(): Promise<void>;
  kill(): Promise<void>;
  /** How often each of these ids is a row; an id that is not there is not in the answer. */
  rows(ids: readonly string[]): Promise<Map<string, number>>;
  /** Ends it, and removes its database. */
  end(): Promise<void>;
}

export async function realA8(folder: string): Promise<RealA8> {
  const database = await createTestDatabase();
  const [keysDir, keyFile] = [join(folder, 'keys'), join(folder, 'A8_KEY')];
  await mkdir(keysDir, { recursive: true });
  const grants = { emit: TORTURE_KEY, operations: OPERATIONS_KEY };
  for (const [role, key] of Object.entries(grants) as [keyof typeof grants, string][]) {
    const entry = ringEntry(key, { role, labels: ['scholar_auth'], notAfter: null });
    await writeFile(join(keysDir, `${role}.json`), JSON.stringify(entry));
  }
  await writeFile(keyFile, TORTURE_KEY);
  const [port, opsPort] = [await freePort(), await freePort()];
  const env = {
    ...{ HOST: '127.0.0.1', PORT: String(port), OPS_HOST: '127.0.0.1', OPS_PORT: String(opsPort) },
    ...{ DATABASE_URL: database.url, A8_KEYS_DIR: keysDir, LOG_LEVEL: 'info' },
    // One sender is to get all that A8 has.
    KEY_REQUESTS_PER_SECOND: '0',
  };
  let service: SpawnedService | undefined;
  const start = async (): Promise<void> => {
    service = spawnService({ entry: ENTRY, env });
    await service.waitForOutput(/"msg":"started"/, 60_000);
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    keyFile,
    pool: database.pool,
    start,
    async kill() {
      service?.kill('SIGKILL');
      await service?.exited;
    },
    async rows(ids) {
      const sql =
        'SELECT event_id, count(*)::int AS n FROM events WHERE event_id = ANY($1) GROUP BY event_id';
      const { rows } = await database.pool.query<{ event_id: string; n: number }>(sql, [ids]);
      return new Map(rows.map(({ event_id, n }) => [event_id, n]));
    },
    async end() {
      await service?.stop();
      await database.drop();
    },
  };
}
