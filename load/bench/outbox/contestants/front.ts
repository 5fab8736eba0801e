import { join } from 'node:path';
import { freePort } from '@scholar/runtime/testing';
import { labelOf } from '../../event.ts';
import { SOURCE_FLAGS, startServer } from '../../launch.ts';
import { storedIn } from '../stored.ts';
import type { Contestant } from './contestant.ts';

const ENTRY = join(import.meta.dirname, '../../../../sidecar/bench/front.ts');

const TITLES = {
  memory: 'same server, no disk',
  lmdb: 'same server over lmdb',
  sqlite: 'same server over SQLite (FULL, a commit a turn)',
} as const;

/** The forwarder's own server with another store behind it (sidecar/bench/front.ts). */
export function front(
  engine: keyof typeof TITLES,
  modules: string,
  nodeFlags: readonly string[] = [],
): Contestant {
  return {
    name: engine,
    title: TITLES[engine],
    protocol: 'event',
    durability: engine === 'memory' ? 'none' : 'D3',
    async start({ folder, traceFile }) {
      const port = await freePort();
      const args = [...nodeFlags, ...SOURCE_FLAGS, ENTRY, engine, folder, String(port), labelOf(0), modules];
      const env = { NODE_ENV: 'production' };
      return startServer({ command: { file: process.execPath, args, env }, port, traceFile });
    },
    storedIds: (folder) =>
      engine === 'memory' ? Promise.resolve(new Set<string>()) : storedIn({ engine, folder, modules }),
  };
}
