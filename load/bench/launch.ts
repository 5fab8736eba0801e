import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { processEnv } from '@scholar/runtime/config';
import { waitFor } from '@scholar/runtime/testing';
import { CORES } from './cores.ts';

/** Flags of our own TypeScript, unbuilt. */
export const SOURCE_FLAGS = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

export type Running = {
  /** The process itself, also under strace. */
  pid: number;
  /** Where events go in. */
  port: number;
  /** From the start of the process until it took connections. Milliseconds. */
  acceptsMs: number;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
};

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

export type Command = { file: string; args: readonly string[]; env?: Record<string, string> };

/** The same command on one core; as it is for 'any', and where there is only one. */
export function pinned(command: Command, core: string): Command {
  if (core === 'any' || cpus().length < 2) return command;
  return { ...command, file: 'taskset', args: ['-c', core, command.file, ...command.args] };
}

/** Every call that can make bytes durable, or that writes to a file: strace-report.ts tells which count. */
const TRACED = 'fsync,fdatasync,msync,sync_file_range,pwrite64,pwritev,pwritev2,write,writev';

/** strace does not look at other calls (seccomp), and starts the command itself, which needs no right to attach. */
function traced(command: Command, file: string): Command {
  const args = ['-f', '--seccomp-bpf', '-qq', '-e', `trace=${TRACED}`, '-e', 'signal=none', '-s', '0'];
  return { ...command, file: 'strace', args: [...args, '-o', file, command.file, ...command.args] };
}

/** Starts a server and waits until it takes connections on `port` and `ready` says so. `core`: 'any', or that of the measured. */
export async function startServer(o: {
  command: Command;
  core?: string;
  port: number;
  traceFile?: string | undefined;
  ready?: () => Promise<boolean>;
}): Promise<Running> {
  const { port, traceFile } = o;
  const command = pinned(
    traceFile === undefined ? o.command : traced(o.command, traceFile),
    o.core ?? CORES.measured,
  );
  const fromMs = performance.now();
  const { child, output, ended } = run(command);
  let acceptsMs: number | undefined;
  const open = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`${o.command.file} has ended:\n${output().slice(-3_000)}`);
    if (acceptsMs === undefined && (await canConnect(port))) acceptsMs = performance.now() - fromMs;
    return acceptsMs !== undefined && (o.ready === undefined || (await o.ready()));
  };
  try {
    await waitFor(open, { timeoutMs: 90_000, intervalMs: 5, what: `${o.command.file} being ready` });
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error(`a server did not start; it wrote:\n${output().slice(-3_000)}`, { cause });
  }
  const pid = traceFile === undefined ? (child.pid ?? 0) : childOf(child.pid ?? 0);
  return {
    pid,
    port,
    acceptsMs: acceptsMs ?? Number.NaN,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Runs a program to its end. @returns its standard output. @throws Error with what it wrote when it fails. */
export async function runToEnd(command: Command, timeoutMs: number): Promise<string> {
  const { child, output, errors, ended } = run(command);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await ended;
  clearTimeout(timer);
  if (child.exitCode === 0) return output();
  const how = child.exitCode ?? child.signalCode;
  throw new Error(`${command.file} ended with ${how}:\n${errors().slice(-3_000)}`);
}

function run({ file, args, env }: Command) {
  const { PATH = '', HOME = '/' } = processEnv();
  const child = spawn(file, args, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const ended = once(child, 'close').finally(() => alive.delete(child));
  return { child, output: () => output || errors, errors: () => errors || output, ended };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}
