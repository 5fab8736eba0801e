import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_LABELS, type AppLabel, type KeyRole, ringEntry } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { type Env, loadSettings } from '@scholar/runtime/config';
import { createLifecycle } from '@scholar/runtime/lifecycle';
import { type Logger, silentLogger } from '@scholar/runtime/log';
import { tempDir } from '@scholar/runtime/testing';
import { createHub } from '../app.ts';
import { SETTINGS } from '../settings.ts';

/** Keys of tests: as long as real ones, and the same in every test. */
export const KEYS = {
  emit: 'test-emit-key-0000000000000000000000000000000000',
  read: 'test-read-key-0000000000000000000000000000000000',
  operations: 'test-operations-key-0000000000000000000000000000',
} as const satisfies Record<KeyRole, string>;

export const CANARY_KEY = 'test-canary-key-00000000000000000000000000000000';

export type RunningHub = {
  url: string;
  opsUrl: string;
  keysDir: string;
  stop(): Promise<void>;
};

/** Writes `<id>.json` of a key into a ring folder. */
export async function writeKey(
  keysDir: string,
  id: string,
  grant: { key: string; role: KeyRole; labels?: AppLabel[]; notAfter?: string },
): Promise<void> {
  const { key, role, labels = [...APP_LABELS], notAfter = null } = grant;
  await writeFile(join(keysDir, `${id}.json`), JSON.stringify(ringEntry(key, { role, labels, notAfter })));
}

/** A whole A8 on free ports over a real database, in this process. */
export async function startHub(options: {
  databaseUrl: string;
  env?: Env;
  log?: Logger;
}): Promise<RunningHub> {
  const log = options.log ?? silentLogger();
  const keysDir = await tempDir('keys');
  for (const role of ['emit', 'read', 'operations'] as const) {
    await writeKey(keysDir, role, { key: KEYS[role], role });
  }
  const env = {
    ...{ HOST: '127.0.0.1', PORT: '0', OPS_HOST: '127.0.0.1', OPS_PORT: '0', LOG_LEVEL: 'silent' },
    ...{ DATABASE_URL: options.databaseUrl, A8_KEYS_DIR: keysDir, A8_KEYS_INTERVAL_MS: '50', CANARY_KEY },
    ...options.env,
  };
  const settings = loadSettings(SETTINGS, env);
  if (settings.problems.length > 0) throw new Error(settings.problems.join('\n'));
  const lifecycle = createLifecycle({ log, supervised: false });
  const hub = createHub({ settings, env, clock: systemClock, log, onTooNew: () => {} });
  for (const [name, component] of hub.components) lifecycle.add(name, component);
  await lifecycle.start();
  return {
    url: `http://127.0.0.1:${hub.ports.public}`,
    opsUrl: `http://127.0.0.1:${hub.ports.ops}`,
    keysDir,
    stop: () => lifecycle.stop('test'),
  };
}
