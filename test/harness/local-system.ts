import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppLabel, TruthTable } from '@scholar/contract';
import { removePostgres } from '@scholar/runtime/postgres';
import { freePortBlock } from '@scholar/runtime/testing';
import pg from 'pg';
import type { UnderTest } from './under-test.ts';

export const repositoryRoot = join(import.meta.dirname, '..', '..');
const SCHOLAR = join(repositoryRoot, 'operator', 'bin', 'scholar.js');

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** The part of `status -o json` that tests use. */
export interface Status {
  state: string;
  database_url: string;
  prometheus: string | null;
  components: { name: string; state: string; pid: number | null; restarts: number }[];
  a8: { url: string; pid: number; key_file: string; read_key_file: string };
  apps: {
    app: string;
    label: string;
    url: string;
    pid: number | null;
    ready: boolean;
    restarts: number;
    forwarder: {
      intake: string;
      ops: string;
      pid: number;
      restarts: number;
      backlog: number;
      held: string | null;
      dead: number;
    };
  }[];
}

export interface Finding {
  code: string;
  app: string;
  severity: string;
  summary: string;
  evidence: string[];
  remedy: string;
}

/** A whole local system in a folder of its own, driven as its user drives it: by the command. */
export class LocalSystem implements UnderTest {
  readonly state: string;
  readonly docs: string;
  readonly #folder: string;
  #databaseUrl: string | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.state = join(folder, 'state');
    this.docs = join(folder, 'docs');
  }

  /** Starts a detached system on free ports. @throws Error with what the command said when it does not start. */
  static async start(...flags: string[]): Promise<LocalSystem> {
    const system = new LocalSystem(await mkdtemp(join(tmpdir(), 'scholar-e2e-')));
    const portBase = String(await freePortBase());
    const ran = await system.scholar('up', '--detach', '--port-base', portBase, ...flags);
    if (ran.code === 0) return system;
    await system.stop();
    throw new Error(`scholar up ended with ${ran.code}:\n${ran.stderr}\n${ran.stdout}`);
  }

  /** Runs a verb on this system; never throws for an exit code. */
  scholar(verb: string, ...args: string[]): Promise<Ran> {
    return runScholar([verb, '--state', this.state, ...args]);
  }

  async status(): Promise<Status> {
    return JSON.parse((await this.scholar('status', '-o', 'json')).stdout);
  }

  async app(label: string): Promise<Status['apps'][number]> {
    const app = (await this.status()).apps.find((each) => each.label === label);
    if (app === undefined) throw new Error(`no ${label} in the status`);
    return app;
  }

  async audit(): Promise<Finding[]> {
    return JSON.parse((await this.scholar('audit', '-o', 'json')).stdout).findings;
  }

  /** Repairs; the page that it writes goes to the system's own folder, not into the checkout. */
  fix(...flags: string[]): Promise<Ran> {
    return this.scholar('fix', '--docs', this.docs, ...flags);
  }

  async verify(samples = 30): Promise<TruthTable & { code: number }> {
    const ran = await this.scholar('verify', '-o', 'json', '--samples', String(samples));
    if (ran.stdout === '') throw new Error(`verify said nothing: ${ran.stderr}`);
    return { ...JSON.parse(ran.stdout), code: ran.code };
  }

  async url(label: AppLabel): Promise<string> {
    return (await this.app(label)).url;
  }

  canaryKey(): Promise<string> {
    return this.secret('supervisor', 'CANARY_KEY');
  }

  webhookSecret(): Promise<string> {
    return this.secret('provider_register', 'STRIPE_WEBHOOK_SECRET');
  }

  async emitKey(): Promise<string> {
    return readFile((await this.status()).a8.key_file, 'utf8');
  }

  /** Asks A8's database directly. */
  async query<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    // Asked for once: it stays the same for the life of a state folder, and each status is a process of its own.
    this.#databaseUrl ??= (await this.status()).database_url;
    return queryAt<T>(this.#databaseUrl, sql, values);
  }

  /** Asks the database of a service, by the service's own role. */
  async queryAs<T extends pg.QueryResultRow>(label: AppLabel, sql: string): Promise<T[]> {
    return queryAt<T>(await this.secret(label, 'DATABASE_URL'), sql, []);
  }

  /** What a process of the system has in its folder of secrets. */
  secret(owner: string, name: string): Promise<string> {
    return readFile(join(this.state, 'secrets', owner, name), 'utf8');
  }

  /** Stops everything and removes every file of it. */
  async stop(): Promise<void> {
    await this.scholar('down');
    await removePostgres(join(this.state, 'postgres'));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function queryAt<T extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
  values: unknown[],
): Promise<T[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export function runScholar(
  args: string[],
  {
    env,
    timeout = 120_000,
    ...options
  }: { cwd?: string; uid?: number; gid?: number; timeout?: number; env?: Record<string, string> } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const maxBuffer = 64 * 1024 * 1024;
    const settings = { ...options, timeout, maxBuffer, env: { ...cleanEnv(), ...env } };
    execFile(process.execPath, [SCHOLAR, ...args], settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Jest's own flags must not reach the processes under test, nor a Stripe key of the person who runs them. */
function cleanEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' };
}

/** @returns the first of seventy consecutive ports that are free now. */
export function freePortBase(): Promise<number> {
  return freePortBlock(70);
}
