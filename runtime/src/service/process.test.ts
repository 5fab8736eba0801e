import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../db/index.ts';
import { removePostgres, startPostgres } from '../postgres/index.ts';
import {
  createHttpStub,
  createTestDatabase,
  freePort,
  type SpawnedService,
  spawnService,
  tempDir,
  waitFor,
} from '../testing/index.ts';

let service: SpawnedService | undefined;

afterEach(async () => {
  await service?.stop();
});

async function folder(files: Record<string, string>): Promise<string> {
  const dir = join(await tempDir(), 'migrations');
  await mkdir(dir);
  for (const [name, sql] of Object.entries(files)) await writeFile(join(dir, name), sql);
  return dir;
}

async function spawn(env: Record<string, string>, migrations: string) {
  const [port, ops] = [await freePort(), await freePort()];
  service = spawnService({
    entry: join(import.meta.dirname, 'testing', 'sample-service.ts'),
    args: [migrations],
    env: { HOST: '127.0.0.1', PORT: `${port}`, OPS_HOST: '127.0.0.1', OPS_PORT: `${ops}`, ...env },
  });
  return { service, url: `http://127.0.0.1:${port}`, opsUrl: `http://127.0.0.1:${ops}` };
}

const statusOf = (url: string, init?: RequestInit) => fetch(url, init).then((response) => response.status);

test('a database that comes late, goes and comes back never ends the process, and every answered event arrives', async () => {
  const ids: string[] = [];
  const forwarder = await createHttpStub(({ headers }) => {
    const event_id = String(headers['x-event-id']);
    ids.push(event_id);
    return { status: 202, body: { accepted: true, persisted: false, queued: true, event_id } };
  });
  const log = { info: () => {}, warn: () => {} };
  const options = { dataDir: join(await tempDir(), 'postgres'), port: await freePort(), password: 'p', log };
  const DATABASE_URL = `postgres://postgres:p@127.0.0.1:${options.port}/postgres`;
  const running = await spawn(
    { DATABASE_URL, FORWARDER_URL: forwarder.url },
    await folder({ '0001_a.sql': 'SELECT 1;' }),
  );
  await waitFor(async () => (await statusOf(`${running.url}/health`)) === 200);
  expect(await statusOf(`${running.opsUrl}/ready`)).toBe(503);
  expect(await statusOf(`${running.url}/visits`, { method: 'POST' })).toBe(503);

  const first = await startPostgres(options);
  await waitFor(async () => (await statusOf(`${running.url}/ready`)) === 200);
  const answered: string[] = [];
  const visit = async () => {
    const response = await fetch(`${running.url}/visits`, { method: 'POST' });
    if (response.status === 201) answered.push(((await response.json()) as { eventId: string }).eventId);
    return response.status;
  };
  expect(await visit()).toBe(201);
  await first.stop();
  expect(await visit()).toBe(503);
  expect(await statusOf(`${running.url}/health`)).toBe(200);
  const second = await startPostgres(options);
  await waitFor(async () => (await visit()) === 201);
  await waitFor(() => answered.every((id) => ids.includes(id)));

  expect(await running.service.stop()).toBe(0);
  await second.stop();
  await removePostgres(options.dataDir);
  await forwarder.close();
});

test('a migration that is faulty leaves the process alive and unready, with the reason on the ops port', async () => {
  const database = await createTestDatabase();
  const running = await spawn({ DATABASE_URL: database.url }, await folder({ '0001_bad.sql': 'SELEKT;' }));
  await waitFor(async () => (await (await fetch(`${running.opsUrl}/ready`)).text()).includes('syntax error'));
  expect(await statusOf(`${running.url}/health`)).toBe(200);
  expect(await running.service.stop()).toBe(0);
  await database.drop();
});

test('a schema of a newer release with a breaking change ends the process with exit code 57', async () => {
  const database = await createTestDatabase();
  await migrate({ url: database.url, dir: await folder({ '0002_breaking_x.sql': 'SELECT 1;' }) });
  const running = await spawn({ DATABASE_URL: database.url }, await folder({ '0001_a.sql': 'SELECT 1;' }));
  expect(await running.service.exited).toBe(57);
  expect(running.service.output()).toContain('run that release or a later one');
  await database.drop();
});

test('a database address that appears in its file while it runs ends the process with 0, and the next one is ready', async () => {
  const database = await createTestDatabase();
  const path = join(await tempDir(), 'DATABASE_URL');
  const migrations = await folder({ '0001_a.sql': 'SELECT 1;' });
  const early = await spawn({ DATABASE_URL_FILE: path }, migrations);
  await waitFor(async () => (await statusOf(`${early.opsUrl}/health`)) === 200);
  expect(await statusOf(`${early.opsUrl}/ready`)).toBe(503);
  await writeFile(path, database.url);
  expect(await early.service.exited).toBe(0);
  expect(early.service.output()).toContain('DATABASE_URL has another address');
  expect(early.service.output()).not.toContain(new URL(database.url).password);

  const next = await spawn({ DATABASE_URL_FILE: path }, migrations);
  await waitFor(async () => (await statusOf(`${next.url}/ready`)) === 200);
  expect(await next.service.stop()).toBe(0);
  await database.drop();
}, 60_000);

test('unusable settings end the process with exit code 2, all of them named', async () => {
  const running = await spawn({ EMIT_MODE: 'pigeon', PORT: 'x' }, '/nowhere');
  expect(await running.service.exited).toBe(2);
  expect(running.service.output()).toMatch(/EMIT_MODE[\s\S]*PORT|PORT[\s\S]*EMIT_MODE/);
});
