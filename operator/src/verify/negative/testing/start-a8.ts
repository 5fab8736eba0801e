import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppLabel, type KeyRole, ringEntry } from '@scholar/contract';
import {
  createTestDatabase,
  freePort,
  spawnService,
  type TestDatabase,
  tempDir,
} from '@scholar/runtime/testing';
import { HubDatabase } from '../../../gather/hub-database.ts';

const A8 = new URL('../../../../../services/auto_com_center/', import.meta.url);

/** A8 as a process of its own over a real database, with the key of one app in its ring. */
export interface RunningA8 {
  url: string;
  opsUrl: string;
  database: TestDatabase;
  /** As the operator reads it. */
  hub: HubDatabase;
  key: string;
  readKey: string;
  canaryKey: string;
  stop: () => Promise<void>;
}

export async function startA8(label: AppLabel, env: Record<string, string> = {}): Promise<RunningA8> {
  const [key, readKey, canaryKey] = [newKey(), newKey(), newKey()];
  const keysDir = await tempDir('keys');
  const grant = (id: string, of: string, role: KeyRole, labels: AppLabel[]) =>
    writeFile(join(keysDir, `${id}.json`), JSON.stringify(ringEntry(of, { role, labels, notAfter: null })));
  await grant(label, key, 'emit', [label]);
  await grant('read', readKey, 'read', []);
  const database = await createTestDatabase({ migrations: new URL('migrations/', A8) });
  const [port, opsPort] = [await freePort(), await freePort()];
  const service = spawnService({
    entry: new URL('src/main.ts', A8),
    env: {
      ...{ HOST: '127.0.0.1', PORT: String(port), OPS_HOST: '127.0.0.1', OPS_PORT: String(opsPort) },
      ...{ DATABASE_URL: database.url, A8_KEYS_DIR: keysDir, CANARY_KEY: canaryKey },
      ...env,
    },
  });
  const hub = new HubDatabase(database.url);
  const stop = async (): Promise<void> => {
    await hub.close();
    await service.stop();
    await database.drop();
  };
  await service.waitForOutput(/"msg":"started"/, 60_000).catch(async (cause: unknown) => {
    await stop();
    throw cause;
  });
  const url = `http://127.0.0.1:${port}`;
  return { url, opsUrl: `http://127.0.0.1:${opsPort}`, database, hub, key, readKey, canaryKey, stop };
}

function newKey(): string {
  return randomBytes(32).toString('base64url');
}
