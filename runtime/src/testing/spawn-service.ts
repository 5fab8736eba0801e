import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processEnv } from '../config/env.ts';
import { waitFor } from './wait-for.ts';

export type SpawnOptions = {
  /** The TypeScript file to run, unbuilt. */
  entry: string | URL;
  args?: readonly string[];
  /** The whole environment besides PATH and HOME: nothing else leaks in from the person's shell. */
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  cwd?: string;
};

export type SpawnedService = {
  child: ChildProcess;
  pid: number;
  /** Everything that it wrote, both streams, in order of arrival. */
  output(): string;
  /** Waits until the output matches, and returns the match. Fails at once when the process ends before. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Resolves with the exit code, null after a signal. */
  exited: Promise<number | null>;
  kill(signal?: NodeJS.Signals): void;
  /** SIGTERM, after `graceMs` (5 s) SIGKILL. Safe on a dead process: call it in afterEach. */
  stop(options?: { graceMs?: number }): Promise<number | null>;
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program of ours with `node --conditions=source`. It never outlives the test worker. */
export function spawnService(options: SpawnOptions): SpawnedService {
  const child = launch(options);
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  let ended = false;
  const exited = once(child, 'close').then(([code]) => {
    ended = true;
    running.delete(child);
    return code as number | null;
  });
  return {
    child,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    async waitForOutput(pattern, timeoutMs = 15_000) {
      const find = () => pattern.exec(output) ?? (ended ? 'ended' : undefined);
      const found = await waitFor(find, { timeoutMs }).catch(() => undefined);
      if (found !== undefined && found !== 'ended') return found;
      throw new Error(
        `${ended ? 'it ended without' : 'no'} output like ${pattern}; it wrote:\n${output.slice(-2000)}`,
      );
    },
    async stop({ graceMs = 5_000 } = {}) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
  };
}

function launch(options: SpawnOptions) {
  const { entry, args = [], env, cwd, uid, gid } = options;
  const { PATH = '', HOME = '/' } = processEnv();
  const file = entry instanceof URL ? fileURLToPath(entry) : entry;
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  return spawn(process.execPath, [...flags, file, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
}
