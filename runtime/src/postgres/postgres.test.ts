import { chmod, chown, cp, lstat, mkdir, readdir, readlink, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { freePort, spawnService, tempDir, waitFor } from '../testing/index.ts';
import { locateBinaries } from './binaries.ts';
import { type PostgresOptions, type RunningPostgres, removePostgres, startPostgres } from './index.ts';
import { findUser } from './run-as.ts';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;
const logged: object[] = [];
const log = {
  info: (fields: object) => void logged.push(fields),
  warn: (fields: object) => void logged.push(fields),
};
let servers: RunningPostgres[] = [];
let folders: string[] = [];

async function privateFolder(): Promise<string> {
  const folder = await tempDir('private');
  await chmod(folder, 0o700);
  return folder;
}

async function options(over: Partial<PostgresOptions> = {}): Promise<PostgresOptions> {
  const dataDir = join(await privateFolder(), 'state', 'postgres');
  folders.push(dataDir);
  return { dataDir, port: await freePort(), password: 'p@ss w:rd', log, ...over };
}

async function start(given: PostgresOptions): Promise<RunningPostgres> {
  const server = await startPostgres(given);
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(folders.map(removePostgres));
  servers = [];
  folders = [];
  logged.length = 0;
});

test('a database inside a 0700 folder starts from nothing, durable, and its data is there after a restart', async () => {
  const given = await options();
  const first = await start(given);
  const names = ['fsync', 'full_page_writes', 'data_checksums', 'server_encoding', 'unix_socket_directories'];
  const shown = await Promise.all(
    names.map(async (name) => Object.values((await query(first.url, `SHOW ${name}`))[0] ?? {})),
  );
  expect(shown.flat()).toEqual(['on', 'on', 'on', 'UTF8', '']);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  expect(await first.exited).toBe(0);
  const second = await start(given);
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

asRoot(
  'as root the data lives behind a link, in a folder that another user can enter and only root owns',
  async () => {
    const given = await options();
    const { pid } = await start(given);
    expect((await lstat(given.dataDir)).isSymbolicLink()).toBe(true);
    const data = await readlink(given.dataDir);
    const [home, owned] = [await stat(dirname(data)), await stat(data)];
    expect([home.uid, home.mode & 0o777, owned.mode & 0o777]).toEqual([0, 0o711, 0o700]);
    expect(owned.uid).not.toBe(0);
    expect((await stat(`/proc/${pid}`)).uid).toBe(owned.uid);
    await Promise.all(servers.map((server) => server.stop()));
    await removePostgres(given.dataDir);
    await expect(stat(dirname(data))).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

asRoot('as root in a clone that nobody else can enter, the programs are copied once', async () => {
  const clone = await privateFolder();
  const { home } = await locateBinaries(undefined);
  await cp(home, join(clone, 'native'), { recursive: true, verbatimSymlinks: true });
  const given = await options({ binariesDir: join(clone, 'native', 'bin') });
  const first = await start(given);
  const kept = dirname(await readlink(given.dataDir));
  expect((await readdir(kept)).filter((name) => !name.startsWith('data'))).toEqual([
    `programs-${first.version}`,
  ]);
});

asRoot('an ordinary user keeps the data in the folder itself, inside a 0700 folder of theirs', async () => {
  const nobody = 65_534;
  const folder = await privateFolder();
  await chown(folder, nobody, nobody);
  const programs = await tempDir('programs');
  await chmod(programs, 0o755);
  await cp((await locateBinaries(undefined)).home, programs, { recursive: true, verbatimSymlinks: true });
  const child = spawnService({
    entry: join(import.meta.dirname, 'testing', 'start-as-user.ts'),
    args: [nobody, nobody, join(folder, 'postgres'), await freePort(), join(programs, 'bin')].map(String),
  });
  expect([await child.exited, child.output()]).toEqual([0, 'uid 65534 kept [{"n":7}]\nremoved\n']);
  expect(await readdir(folder)).toEqual(['postgres.log']);
});

test('a server that was killed starts again, with what was committed', async () => {
  const given = await options();
  const first = await start(given);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  process.kill(first.pid, 'SIGKILL');
  expect(await first.exited).toBeNull();
  const second = await start(given);
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a server that its dead starter left running is stopped and replaced', async () => {
  const given = await options();
  const orphan = await start(given);
  const next = await start({ ...given, port: await freePort() });
  expect(await orphan.exited).toBe(0);
  expect(logged).toContainEqual({ leftover: 'stopped' });
  expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a postmaster.pid whose number now belongs to another program does not prevent the start', async () => {
  const given = await options();
  await (await start(given)).stop();
  await writeFile(join(given.dataDir, 'postmaster.pid'), `${process.pid}\n${given.dataDir}\n`);
  await start(given);
  expect(logged).toContainEqual({ leftover: 'stale file' });
});

test('a port in use is named, with what to do', async () => {
  const holder = createServer();
  const port = await freePort();
  await new Promise<void>((held) => holder.listen({ host: '127.0.0.1', port }, held));
  await expect(startPostgres(await options({ port }))).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use by another process. Stop that process`,
  );
  await new Promise((closed) => holder.close(closed));
});

test('another password than the one the data was made with is said so, and the server does not stay', async () => {
  const given = await options();
  await (await start(given)).stop();
  await expect(startPostgres({ ...given, password: 'other' })).rejects.toThrow('refuses our password');
  await waitFor(async () => !(await readdir(given.dataDir)).includes('postmaster.pid'));
});

test('data of another major version is refused untouched', async () => {
  const given = await options();
  await (await start(given)).stop();
  await writeFile(join(given.dataDir, 'PG_VERSION'), '15\n');
  await expect(startPostgres(given)).rejects.toThrow('was made by PostgreSQL 15, but the programs here are');
});

test('a folder without the programs says what to install', async () => {
  const binariesDir = join(await tempDir(), 'bin');
  await mkdir(binariesDir);
  await expect(startPostgres(await options({ binariesDir }))).rejects.toMatchObject({
    name: 'PostgresBinariesMissing',
    message: expect.stringContaining('is PostgreSQL installed there?'),
  });
});

test('the user to run as is read from the passwd file, never root', () => {
  const passwd =
    'root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\ntoor:x:0:0::/:/bin/sh';
  expect(findUser(passwd, 'postgres')).toEqual({ uid: 101, gid: 104 });
  expect(findUser(passwd, 'nobody')).toBeUndefined();
  expect(findUser(passwd, 'toor')).toBeUndefined();
});
