import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import pg from 'pg';
import type { PostgresLog } from './start.ts';

/** How the process ended: the code, or null after a signal or when it could not be started. Never rejects. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
}

export type Ready = { ready: true } | { ready: false; reason: string };

/** Asks the server itself, by a real connection, until it answers, ends, or the deadline (monotonic ms) passes. */
export async function waitUntilReady(input: {
  url: string;
  exited: Promise<number | null>;
  deadline: number;
}): Promise<Ready> {
  let exit: { code: number | null } | undefined;
  void input.exited.then((code) => {
    exit = { code };
  });
  let last = '';
  while (performance.now() < input.deadline) {
    if (exit !== undefined) return { ready: false, reason: `the server ended with exit code ${exit.code}` };
    const failure = await tryConnect(input.url);
    if (failure === undefined) return { ready: true };
    // 28P01: the server runs, so waiting cannot help.
    if (failure.code === '28P01') {
      return { ready: false, reason: 'it refuses our password: the data was made with another one' };
    }
    last = failure.message;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return { ready: false, reason: `it did not answer in time (${last})` };
}

async function tryConnect(url: string): Promise<{ code?: string; message: string } | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return error as { code?: string; message: string };
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Stops by the documented signals of the server: SIGINT (fast: open transactions are rolled back, buffers written),
 * SIGQUIT (immediate: recovery at the next start), SIGKILL last. Nothing that was committed is lost by any of them.
 */
export function createStop(input: {
  child: ChildProcess;
  exited: Promise<number | null>;
  timeoutMs: number;
  log: PostgresLog;
}): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (input.child.pid === undefined) return;
      input.child.kill(signal);
      if (await endsWithin(input.exited, input.timeoutMs)) return;
      input.log.warn({ signal, pid: input.child.pid }, 'PostgreSQL did not stop in time');
    }
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}

async function endsWithin(exited: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const ended = await Promise.race([exited.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

/** The last lines that were written to a log after `start` (bytes). */
export async function readTail(file: string, start: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const size = (await handle.stat()).size;
    const from = Math.max(start, size - 4000);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-8).join('\n');
  } finally {
    await handle.close();
  }
}
