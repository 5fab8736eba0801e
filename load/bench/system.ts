import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_LABELS, ringEntry } from '@scholar/contract';
import { createPool } from '@scholar/runtime/db';
import { removePostgres, type ServerSettings, startPostgres } from '@scholar/runtime/postgres';
import { freePort, spawnService, waitFor } from '@scholar/runtime/testing';
import pg from 'pg';

/** One database with its own replicas of A8. */
export type Site = { name: string; url: string; admin: pg.Pool; replicas: readonly Replica[] };
export type Replica = { origin: string; ops: string; pid: number };

export type System = {
  sites: ReadonlyMap<string, Site>;
  postgres: { pid: number; version: string };
  /** A key that may write under every label, and the folder of the ring that knows it. */
  key: string;
  keysDir: string;
  /** Ends every process and removes every file. Safe to call twice. */
  stop(): Promise<void>;
};

const ENTRY = join(import.meta.dirname, '../../services/auto_com_center/src/main.ts');
const HOST = '127.0.0.1';

export type Started = Replica & { stop: () => Promise<unknown> };
export type HubInput = { url: string; keysDir: string };

export type SystemOptions = {
  /** Default: from its source, as everywhere where nothing was built. */
  startHub?: (input: HubInput) => Promise<Started>;
  /** Besides those below. */
  settings?: ServerSettings;
  /** The folder on whose disk the data lies. Default: that for temporary files. */
  parent?: string;
};

/**
 * A real PostgreSQL with fsync on, and for each name a database with `replicas` processes of A8. Loopback only, on
 * free ports, in a folder of its own.
 */
export async function startSystem(
  names: readonly string[],
  replicas: number,
  { startHub = startFromSource, settings = {}, parent = tmpdir() }: SystemOptions = {},
): Promise<System> {
  const folder = await mkdtemp(join(parent, 'scholar-system-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await chmod(folder, 0o711);
    const key = randomBytes(32).toString('hex');
    const keysDir = await writeKeys(folder, key);
    const dataDir = join(folder, 'postgres');
    undo.push(() => removePostgres(dataDir));
    const postgres = await startPostgres({
      dataDir,
      port: await freePort(),
      password: randomBytes(12).toString('hex'),
      log: { info: () => {}, warn: console.warn },
      // A checkpoint in the middle of a round would make it another measurement; the statement of A8 is read from the server.
      settings: {
        max_wal_size: '4GB',
        checkpoint_timeout: '30min',
        track_activity_query_size: 8192,
        ...settings,
      },
    });
    // It runs in a group of its own: an end of ours that nobody foresaw must be its end, too.
    const stopWithUs = () => process.kill(postgres.pid, 'SIGINT');
    process.once('exit', stopWithUs);
    undo.push(async () => {
      process.off('exit', stopWithUs);
      await postgres.stop();
    });
    const sites = new Map<string, Site>();
    for (const name of names) {
      const url = await createDatabase(postgres.url, name);
      const admin = createPool({ url, max: 2, applicationName: 'bench', statementTimeoutMs: 600_000 });
      undo.push(() => admin.end());
      const started = [];
      for (let index = 0; index < replicas; index += 1) {
        const replica = await startHub({ url, keysDir });
        undo.push(replica.stop);
        started.push(replica);
      }
      sites.set(name, { name, url, admin, replicas: started });
    }
    return { sites, postgres: { pid: postgres.pid, version: postgres.version }, key, keysDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function writeKeys(folder: string, key: string): Promise<string> {
  const keysDir = join(folder, 'keys');
  await mkdir(keysDir, { mode: 0o700 });
  const entry = ringEntry(key, { role: 'emit', labels: [...APP_LABELS], notAfter: null });
  await writeFile(join(keysDir, 'bench.json'), JSON.stringify(entry), { mode: 0o600 });
  return keysDir;
}

async function createDatabase(server: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** The environment of an A8 on these ports of the loopback address. */
export function hubEnv({ url, keysDir, port, opsPort }: HubInput & { port: number; opsPort: number }) {
  return {
    ...{ HOST, PORT: `${port}`, OPS_HOST: HOST, OPS_PORT: `${opsPort}`, LOG_LEVEL: 'warn' },
    ...{ DATABASE_URL: url, A8_KEYS_DIR: keysDir, ENVIRONMENT: 'staging' },
    // One key sends for everybody here.
    KEY_REQUESTS_PER_SECOND: '0',
  };
}

async function startFromSource(input: HubInput): Promise<Started> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const service = spawnService({ entry: ENTRY, env: hubEnv({ ...input, port, opsPort }) });
  const ops = `http://${HOST}:${opsPort}`;
  try {
    const ready = async () => (await fetch(`${ops}/ready`)).status === 200;
    await waitFor(ready, { timeoutMs: 60_000, what: 'A8 becoming ready' });
  } catch (error) {
    await service.stop();
    throw new Error(`A8 did not start; it wrote:\n${service.output().slice(-2_000)}`, { cause: error });
  }
  return { origin: `http://${HOST}:${port}`, ops, pid: service.pid, stop: () => service.stop() };
}
