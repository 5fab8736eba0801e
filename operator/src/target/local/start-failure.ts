import { readFile } from 'node:fs/promises';
import { isAppLabel } from '@scholar/contract';
import type { ComponentStatus } from './component.ts';
import type { StateLayout } from './layout.ts';

/** A component that did not start, told so that its owner knows what to do. */
export class StartFailure extends Error {}

const CAUSES: readonly { sign: RegExp; cause: string }[] = [
  {
    sign: /EADDRINUSE|address already in use/iu,
    cause: 'a port is in use: another system runs here? `scholar down`, or take other ports with --port-base',
  },
  { sign: /ENOSPC|No space left/iu, cause: 'the disk is full: free some space' },
  {
    sign: /EACCES|permission denied/iu,
    cause: 'a file or folder may not be read or written by this user: look at its path',
  },
  { sign: /EROFS|read-only file system/iu, cause: 'the file system is mounted read-only' },
  { sign: /ENOTDIR|EEXIST/u, cause: 'a part of the path is a file' },
  { sign: /Cannot find module|ERR_MODULE_NOT_FOUND/u, cause: 'the build is incomplete: run `make build`' },
  {
    sign: /ERR_UNKNOWN_BUILTIN|SyntaxError|Unsupported engine/u,
    cause: 'a wrong Node: run `make install`, which brings Node 24',
  },
  { sign: /could not create shared memory|could not map anonymous/iu, cause: 'not enough memory' },
];

/** Runs what writes into the state folder. @throws StartFailure that names the folder when the file system refuses. */
export async function inStateFolder<T>(layout: StateLayout, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    const likely = likelyCause(cause.message) ?? 'the place of the folder: it must be writable for this user';
    const message = `The state folder ${layout.dir} cannot be used: ${cause.message}.\nLikely cause: ${likely}. Another folder is taken with --state.`;
    throw new StartFailure(message, { cause });
  }
}

/** @returns the message for people: component, state, last log lines, log file, likely cause. */
export async function explainFailure(status: ComponentStatus, layout: StateLayout): Promise<string> {
  const file = layout.log(status.name);
  const lines = await lastLines(file, 12);
  return failureMessage({
    status,
    file,
    lines,
    likely: likelyCause(lines.join('\n')),
  });
}

/** Pure: which of the known causes the last log lines point to. */
export function likelyCause(log: string): string | undefined {
  return CAUSES.find(({ sign }) => sign.test(log))?.cause;
}

function failureMessage(parts: {
  status: ComponentStatus;
  file: string;
  lines: string[];
  likely: string | undefined;
}): string {
  const { status, lines } = parts;
  const what = isAppLabel(status.name) ? 'service' : 'component';
  return [
    `The ${what} ${status.name} did not start (${status.last_exit ?? `no answer on /health, state ${status.state}`}).`,
    ...(lines.length === 0
      ? ['Its log is empty.']
      : ['Its last log lines:', ...lines.map((line) => `    ${line}`)]),
    `Log file: ${parts.file}`,
    `Likely cause: ${parts.likely ?? 'not one that is known here; the log lines above are the best lead'}`,
  ].join('\n');
}

/** @returns at most `count` last lines of a text file, none when it cannot be read. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .slice(-count)
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
