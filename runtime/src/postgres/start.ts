import { type ChildProcess, spawn } from 'node:child_process';
import { open, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { type Binaries, locateBinaries } from './binaries.ts';
import { prepareHome } from './home.ts';
import { initializeData, type ServerSettings, writeSettings } from './initialize.ts';
import { clearLeftover } from './leftover.ts';
import { createStop, exitOf, readTail, waitUntilReady } from './process.ts';
import { CLEAN_ENV } from './run.ts';
import { chooseUser, type RunAs } from './run-as.ts';

/** The part of a logger that is used here; pino's fits. */
export type PostgresLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

export type PostgresOptions = {
  /** Where the data lies; as root it becomes a symbolic link (home.ts says why). */
  dataDir: string;
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Password of the superuser `postgres`; must be the same at each start. */
  password: string;
  log: PostgresLog;
  /** The server's own log. Default `<dataDir>.log`. */
  logFile?: string;
  /** The `bin` folder of an installed PostgreSQL, instead of the embedded one. */
  binariesDir?: string;
  /** Added to, or instead of, our own server settings. */
  settings?: ServerSettings;
  /** Bound of the start, and of each step of the stop. Default 30 s and 10 s. */
  startTimeoutMs?: number;
  stopTimeoutMs?: number;
};

export type RunningPostgres = {
  /** Superuser's URL, password included: never log it. */
  url: string;
  host: string;
  port: number;
  pid: number;
  version: string;
  logFile: string;
  /** Resolves when the server process ends, wanted or not, with its exit code (null after a signal). */
  exited: Promise<number | null>;
  /** Fast shutdown, then immediate, then kill, each bounded. Safe to call twice. */
  stop(): Promise<void>;
};

const DEFAULT_SETTINGS: ServerSettings = {
  unix_socket_directories: '',
  // The promise of a receipt rests on these three; A8's /ready checks the first two.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_connections: 200,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
  // An error line must not repeat the statement: its values are a person's data.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/**
 * Starts a real PostgreSQL over `dataDir`, making the cluster first where there is none, and resolves when it answers.
 * @throws Error that says what is wrong and what to do: port in use, no programs, wrong owner, other version.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const logFile = options.logFile ?? `${dataDir}.log`;
  const host = options.host ?? '127.0.0.1';
  const who = await chooseUser();
  const binaries = await locateBinaries(options.binariesDir);
  const home = await prepareHome(dataDir, binaries, who);
  await initializeData({ ...home, major: binaries.major, password: options.password, who });
  const leftover = await clearLeftover(await realpath(home.data), options.stopTimeoutMs ?? 10_000);
  if (leftover !== 'none') options.log.info({ leftover }, 'a previous PostgreSQL did not end cleanly');
  await refuseUsedPort(host, options.port);
  const settings = { ...DEFAULT_SETTINGS, listen_addresses: host, port: options.port, ...options.settings };
  await writeSettings(home.data, settings, who);
  return launch({ options, binaries, host, logFile, data: home.data, bin: home.bin, who });
}

type Launch = {
  options: PostgresOptions;
  binaries: Binaries;
  host: string;
  logFile: string;
  data: string;
  bin: string;
  who: RunAs;
};

async function launch(input: Launch): Promise<RunningPostgres> {
  const { options, host, logFile } = input;
  const url = `postgres://postgres:${encodeURIComponent(options.password)}@${host}:${options.port}/postgres`;
  const deadline = performance.now() + (options.startTimeoutMs ?? 30_000);
  for (;;) {
    const { child, logStart } = await spawnServer(input);
    const exited = exitOf(child);
    const stop = createStop({ child, exited, timeoutMs: options.stopTimeoutMs ?? 10_000, log: options.log });
    const outcome = await waitUntilReady({ url, exited, deadline });
    if (outcome.ready) {
      const pid = child.pid ?? 0;
      options.log.info({ pid, port: options.port, version: input.binaries.version }, 'PostgreSQL is ready');
      return { url, host, port: options.port, pid, version: input.binaries.version, logFile, exited, stop };
    }
    await stop();
    const said = await readTail(logFile, logStart);
    // The processes of a server that was killed hold its shared memory for a moment after it.
    const passing = said.includes('pre-existing shared memory block');
    if (!passing || performance.now() > deadline) {
      throw new Error(
        `PostgreSQL did not start: ${outcome.reason}. Its log, ${logFile}, ends with:\n${said}`,
      );
    }
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

async function spawnServer(input: Launch): Promise<{ child: ChildProcess; logStart: number }> {
  const log = await open(input.logFile, 'a', 0o600);
  try {
    const logStart = (await log.stat()).size;
    const child = spawn(join(input.bin, 'postgres'), ['-D', input.data], {
      ...input.who,
      cwd: '/',
      env: CLEAN_ENV,
      stdio: ['ignore', log.fd, log.fd],
      // A group of its own: Ctrl-C in a terminal must reach the services first and the database last.
      detached: true,
    });
    return { child, logStart };
  } finally {
    await log.close();
  }
}

async function refuseUsedPort(host: string, port: number): Promise<void> {
  await new Promise<void>((free, used) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is in use by another process' : `cannot be used (${error.code})`;
      const remedy = 'Stop that process (is another system running?) or choose another port.';
      used(new Error(`PostgreSQL cannot start: port ${port} on ${host} ${why}. ${remedy}`, { cause: error }));
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => free()));
  });
}
