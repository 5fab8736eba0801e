import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removePostgres } from '@scholar/runtime/postgres';
import { freePortBlock } from '@scholar/runtime/testing';
import { runToEnd } from '../launch.ts';
import type { Watched } from './readings.ts';

const SCHOLAR = join(import.meta.dirname, '../../../operator/bin/scholar.js');
const COMMAND_MS = 180_000;

type Status = { components: readonly { name: string; pid: number | null }[] };

/** A whole local system of its own, started by its command as a person starts it. */
export async function startLocalSystem(folder: string): Promise<{
  processes: Watched[];
  stop: () => Promise<void>;
}> {
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true });
  const scholar = (...args: string[]) =>
    runToEnd({ file: process.execPath, args: [SCHOLAR, ...args, '--state', state] }, COMMAND_MS);
  const stop = async () => {
    await scholar('down');
    await removePostgres(join(state, 'postgres'));
  };
  try {
    await scholar('up', '--detach', '--port-base', String(await freePortBlock(70)));
    const { components } = JSON.parse(await scholar('status', '-o', 'json')) as Status;
    const { pid } = JSON.parse(readFileSync(join(state, 'supervisor.json'), 'utf8')) as { pid: number };
    const processes = [{ name: 'supervisor', pid }, ...components].flatMap(({ name, pid }) =>
      pid === null
        ? []
        : [{ name, pid, family: name === 'postgres', logFile: join(state, 'logs', `${name}.log`) }],
    );
    return { processes, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
