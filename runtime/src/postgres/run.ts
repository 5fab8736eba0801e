import { spawn } from 'node:child_process';
import type { RunAs } from './run-as.ts';

export type Ran = { code: number | null; stdout: string; stderr: string };

/**
 * The environment of every PostgreSQL program: nothing of ours. A PGPORT or PGDATA of the person's shell would
 * silently override what we decided.
 */
export const CLEAN_ENV = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

/** Runs a short program to its end. Rejects only when it cannot be started. */
export function run(program: string, args: readonly string[], who: RunAs): Promise<Ran> {
  return new Promise((resolve, reject) => {
    // cwd "/": the current folder may be closed to the user that the program runs as.
    const child = spawn(program, args, {
      ...who,
      cwd: '/',
      env: CLEAN_ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
