import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppLabel, ringEntry } from '@scholar/contract';
import { createTestDatabase, freePort, spawnService, tempDir, waitFor } from '@scholar/runtime/testing';
import { HubDatabase } from '../../gather/hub-database.ts';
import type { DrillDeps } from '../drill-deps.ts';

const A8 = new URL('../../../../services/auto_com_center/', import.meta.url);

export interface RealHub extends Pick<DrillDeps, 'hubUrl' | 'key' | 'canaryKey' | 'readRows'> {
  stop: () => Promise<void>;
}

/** A8 as a process over a PostgreSQL of its own, with one key of one label in its ring. */
export async function startRealHub(label: AppLabel): Promise<RealHub> {
  const key = 'k'.repeat(43);
  const canaryKey = 'c'.repeat(43);
  const keys = join(await tempDir('drill-hub'), 'keys');
  await mkdir(keys);
  const entry = ringEntry(key, { labels: [label], role: 'emit' });
  await writeFile(join(keys, `${label}.json`), JSON.stringify(entry));
  return { ...(await startHubProcess({ keys, canaryKey, port: await freePort() })), key, canaryKey };
}

/** @param keys folder of the ring. */
export async function startHubProcess({
  keys,
  canaryKey,
  port,
}: {
  keys: string;
  canaryKey: string;
  port: number;
}): Promise<Pick<RealHub, 'hubUrl' | 'readRows' | 'stop'> & { databaseUrl: string }> {
  const database = await createTestDatabase({ migrations: new URL('migrations/', A8) });
  const opsPort = await freePort();
  const hub = spawnService({
    entry: new URL('src/main.ts', A8),
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      OPS_HOST: '127.0.0.1',
      OPS_PORT: String(opsPort),
      ENVIRONMENT: 'production',
      DATABASE_URL: database.url,
      A8_KEYS_DIR: keys,
      CANARY_KEY: canaryKey,
    },
  });
  const rows = new HubDatabase(database.url);
  const stop = async (): Promise<void> => {
    await rows.close();
    await hub.stop();
    await database.drop();
  };
  const hubUrl = `http://127.0.0.1:${port}`;
  try {
    await waitFor(async () => (await fetch(`${hubUrl}/ready`)).status === 200, {
      timeoutMs: 60_000,
      what: 'the start of A8',
    });
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { hubUrl, databaseUrl: database.url, readRows: (ids) => rows.rows(ids), stop };
}
