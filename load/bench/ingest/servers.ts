import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keyDigest } from '@scholar/contract';
import { freePort } from '@scholar/runtime/testing';
import { cacheFolder, go, once } from '../built.ts';
import { type Command, type Running, SOURCE_FLAGS, startServer } from '../launch.ts';
import { type HubInput, hubEnv, type Started } from '../system.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HUB = join(ROOT, 'services/auto_com_center/dist/main.js');
const EXPRESS = join(import.meta.dirname, 'baselines/express.ts');
const GO = join(import.meta.dirname, 'baselines/go');

/** Connections of an ordinary server to PostgreSQL. Chosen after pgbench, whose one-row INSERT was a little faster with 32 clients than with 64 on two cores. */
export const BASELINE_POOL = 32;

/** A8 as its image runs it. @throws Error where it was not built */
export function startBuiltHub(nodeFlags: readonly string[] = [], core = 'any') {
  return async (input: HubInput): Promise<Started> => {
    if (!existsSync(HUB)) throw new Error('A8 is not built: make build');
    const [port, opsPort] = [await freePort(), await freePort()];
    const running = await startServer({
      command: {
        file: process.execPath,
        args: [...nodeFlags, '--enable-source-maps', HUB],
        env: { NODE_ENV: 'production', ...hubEnv({ ...input, port, opsPort }) },
      },
      ...{ port, core },
      ready: async () => (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok,
    });
    return {
      origin: `http://127.0.0.1:${port}`,
      ops: `http://127.0.0.1:${opsPort}`,
      pid: running.pid,
      stop: () => running.kill(),
    };
  };
}

export type BaselineInput = { url: string; key: string; goServer: string };

export function startBaseline(name: 'express' | 'go', input: BaselineInput): Promise<Running> {
  return name === 'express'
    ? start(input, { file: process.execPath, args: [...SOURCE_FLAGS, EXPRESS] })
    : start(input, { file: input.goServer, args: [] });
}

async function start({ url, key }: BaselineInput, command: Omit<Command, 'env'>): Promise<Running> {
  const port = await freePort();
  const env = {
    ...{ NODE_ENV: 'production', PORT: `${port}`, DATABASE_URL: url },
    ...{ KEY_SHA256: keyDigest(key), POOL: `${BASELINE_POOL}` },
  };
  return startServer({ command: { ...command, env }, port, core: 'any' });
}

/** Compiles the Go server into the cache; Go itself knows whether anything has changed. @returns the program */
export async function buildGoServer(say: (text: string) => void): Promise<string> {
  const program = join(cacheFolder(), 'ingest-go', 'server');
  await once(program, say, () => go(['-C', GO, 'build', '-o', program, '.']));
  await go(['-C', GO, 'build', '-o', program, '.']);
  return program;
}
