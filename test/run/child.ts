import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

const PATIENCE_MS = 15_000;

export interface Running {
  env?: NodeJS.ProcessEnv;
  stdio?: SpawnOptions['stdio'];
  cwd?: string;
  /** Ends the program and everything that it started; its exit code is then not 0. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a program in a process group of its own, so that Ctrl-C reaches only us and we decide what ends when.
 * @returns its exit code; 1 when a signal ended it.
 * @throws Error when it cannot be started.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  running: Running = {},
): Promise<number> {
  const { signal, env = process.env, stdio = 'inherit', cwd } = running;
  if (signal?.aborted) return 1;
  const child = spawn(command, args, { env, stdio, detached: true, ...(cwd === undefined ? {} : { cwd }) });
  const onAbort = () => endGroup(child);
  signal?.addEventListener('abort', onAbort);
  try {
    const [code] = await once(child, 'exit');
    return typeof code === 'number' ? code : 1;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** @returns what the program printed. @throws Error with its complaint when it fails. */
export async function captureChild(
  command: string,
  args: readonly string[],
  { env = process.env }: { env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  return stdout;
}

/** Ctrl-C, or a polite end from outside, becomes an abort: children are ended first, and what must be cleared away is. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      console.error(`\n${name}: ending what runs …`);
      controller.abort();
    });
  }
  return controller.signal;
}

function endGroup(child: ChildProcess): void {
  const group = child.pid;
  if (group === undefined) return;
  signalGroup(group, 'SIGTERM');
  const last = setTimeout(() => signalGroup(group, 'SIGKILL'), PATIENCE_MS);
  child.once('exit', () => clearTimeout(last));
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It is gone already.
  }
}
