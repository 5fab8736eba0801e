/**
 * The program behind test-server.ts: one PostgreSQL for one test run.
 *
 * Arguments: run folder, server name, folder of the PostgreSQL programs ('' = embedded).
 * It stops the server and removes its files when the file `<run>/stop` appears (global teardown), or when the Jest
 * process named in `<run>/jest.pid` is gone (Ctrl-C, kill -9). The removed folder is the sign that it is done.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningPostgres, removePostgres, startPostgres } from '../postgres/index.ts';
import { freePort } from './free-port.ts';
import type { ServerFile } from './test-server.ts';

const [run = '', name = '', binariesDir = ''] = process.argv.slice(2);
const folder = join(run, name);
const dataDir = join(folder, 'postgres');
const jestPid = Number(readFileSync(join(run, 'jest.pid'), 'utf8'));

async function start(attempts = 3): Promise<RunningPostgres> {
  try {
    return await startPostgres({
      dataDir,
      port: await freePort(),
      password: randomBytes(12).toString('hex'),
      log: { info: console.log, warn: console.log },
      settings: { max_connections: 400 },
      ...(binariesDir === '' ? {} : { binariesDir }),
    });
  } catch (error) {
    // Somebody else may have taken the free port meanwhile.
    if (attempts > 1 && String(error).includes('in use')) return start(attempts - 1);
    throw error;
  }
}

async function announce(content: ServerFile): Promise<void> {
  const file = join(folder, 'server.json');
  await writeFile(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function runIsOver(): boolean {
  if (!existsSync(run) || existsSync(join(run, 'stop'))) return true;
  return !jestIsAlive();
}

function jestIsAlive(): boolean {
  try {
    return process.kill(jestPid, 0);
  } catch {
    return false;
  }
}

const server = await start().catch(async (error: unknown) => {
  await announce({ error: String(error) });
  return undefined;
});
if (server) await announce({ url: server.url });
while (!runIsOver()) await sleep(100);
await server?.stop();
await removePostgres(dataDir);
await rm(folder, { recursive: true, force: true });
if (!jestIsAlive()) await rm(run, { recursive: true, force: true });
