import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { runFolder } from './run-folder.ts';
import { waitFor } from './wait-for.ts';

/** A PostgreSQL that tests may ask for. It is started by the first who asks and serves the whole run. */
export type TestServer = { name: string; binariesDir?: string };

/** What serve.ts writes into `<run>/<name>/server.json` (a failure instead of a URL when it could not start). */
export type ServerFile = { url: string } | { error: string };

export const EMBEDDED: TestServer = { name: 'embedded' };

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** The installed servers of this machine (Debian's layout), for suites that must hold on every version we support. */
export function otherServers(): TestServer[] {
  if (!existsSync(DEBIAN_FOLDER)) return [];
  return readdirSync(DEBIAN_FOLDER)
    .map((version) => ({ name: `postgresql-${version}`, binariesDir: join(DEBIAN_FOLDER, version, 'bin') }))
    .filter(({ binariesDir }) => existsSync(join(binariesDir, 'initdb')));
}

/** The embedded server and every installed one: `describe.each(allServers())('on $name', …)`. */
export function allServers(): TestServer[] {
  return [EMBEDDED, ...otherServers()];
}

/** The superuser's URL of a server of this run, which is started when nobody asked before. */
export async function serverUrl(server: TestServer = EMBEDDED): Promise<string> {
  const folder = join(runFolder(), server.name);
  // mkdir is the lock: exactly one worker makes the folder and starts the server.
  const first = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (first) await spawnServer(folder, server);
  const file = await waitFor(
    async () => JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as ServerFile,
    {
      timeoutMs: 60_000,
      what: `the start of the PostgreSQL server for tests (${join(folder, 'serve.log')})`,
    },
  );
  if ('error' in file) throw new Error(`the PostgreSQL server for tests did not start: ${file.error}`);
  return file.url;
}

/** A process of its own, because it outlives the worker that asked first. It ends itself when the run is over. */
async function spawnServer(folder: string, server: TestServer): Promise<void> {
  const program = join(import.meta.dirname, `serve${extname(import.meta.filename)}`);
  const log = await open(join(folder, 'serve.log'), 'a');
  const args = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    program,
    runFolder(),
    server.name,
  ];
  const child = spawn(process.execPath, [...args, server.binariesDir ?? ''], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  await log.close();
}
