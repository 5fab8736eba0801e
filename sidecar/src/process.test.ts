import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SpawnedService, spawnService, tempDir, waitFor } from '@scholar/runtime/testing';
import { A8StandIn } from './testing/a8-stand-in.ts';
import { load, startForwarderProcess } from './testing/forwarder-process.ts';
import { newUser } from './testing/start-forwarder.ts';

let a8: A8StandIn;
let folder: string;
const running = new Set<SpawnedService>();

beforeEach(async () => {
  a8 = await new A8StandIn().start();
  folder = await tempDir('process');
  await mkdir(join(folder, 'secrets'));
  await writeFile(join(folder, 'secrets', 'A8_KEY'), 'key\n');
});

afterEach(async () => {
  await Promise.all([...running].map((service) => service.stop()));
  running.clear();
  await a8.stop();
});

async function start(env: Record<string, string> = {}) {
  const forwarder = await startForwarderProcess({
    A8_URL: a8.url,
    A8_KEY_FILE: join(folder, 'secrets', 'A8_KEY'),
    OUTBOX_DIR: join(folder, 'outbox'),
    ...env,
  });
  running.add(forwarder.service);
  return forwarder;
}

test('killed with -9 again and again under load: A8 has every acknowledged event afterwards', async () => {
  let forwarder = await start();
  const sent = load((options) => forwarder.post({ ...options, body: newUser() }));
  for (let round = 1; round <= 3; round += 1) {
    await waitFor(() => sent.acknowledged.size > round * 150);
    if (round === 2) await a8.stop();
    forwarder.service.kill('SIGKILL');
    await forwarder.service.exited;
    forwarder = await start();
    if (round === 2) await a8.start();
  }
  await sent.stop();
  await waitFor(async () => JSON.parse(await forwarder.ops('/status')).queue.depth === 0);
  const missing = [...sent.acknowledged].filter((id) => !a8.stored.has(id));
  expect(missing).toEqual([]);
});

test('SIGTERM ends it with 0, and its last line says what was delivered and what is left', async () => {
  await a8.stop();
  const { service, post } = await start();
  for (let i = 0; i < 7; i += 1) expect((await post()).status).toBe(202);
  service.kill('SIGTERM');
  expect(await service.exited).toBe(0);
  const last = JSON.parse(service.output().trim().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ level: 'info', delivered: 0, left: 7, msg: 'delivered 0, left 7' });
});

test('a healthy life writes no warning, no error, no line per event and no secret', async () => {
  const { service, post, ops } = await start({ CONTROL_TOKEN: 'very-secret-token' });
  for (let i = 0; i < 20; i += 1) await post({ headers: { prefer: 'wait=5' } });
  expect(JSON.parse(await ops('/running'))).toMatchObject({
    label: 'scholar_auth',
    role: 'forwarder',
    endpoint: `${a8.url}/events`,
    sends_authorization: true,
    missing: [],
    settings: { A8_KEY: { set: true, source: 'file', fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) } },
  });
  service.kill('SIGTERM');
  expect(await service.exited).toBe(0);
  const lines = service
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(lines.length).toBeLessThan(12);
  expect(service.output()).not.toContain('very-secret-token');
});

test('a second forwarder on the same folder does not start, and says why', async () => {
  await start();
  const second = spawnService({
    entry: new URL('./main.ts', import.meta.url),
    env: { APP_LABEL: 'scholar_auth', OUTBOX_DIR: join(folder, 'outbox'), INTAKE_PORT: '0', OPS_PORT: '0' },
  });
  running.add(second);
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/is in use by/);
});

test('a folder that cannot be made ends the start with exit code 1, and the log names it', async () => {
  await writeFile(join(folder, 'file'), '');
  // /proc makes no folders and says that the parent is missing, though it is there.
  for (const dir of [join(folder, 'file', 'outbox'), ...(process.platform === 'linux' ? ['/proc/x'] : [])]) {
    const service = spawnService({
      entry: new URL('./main.ts', import.meta.url),
      env: { APP_LABEL: 'scholar_auth', OUTBOX_DIR: dir, INTAKE_PORT: '0', OPS_PORT: '0' },
    });
    running.add(service);
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain(`the folder ${dir} cannot be made`);
  }
});

test('unusable settings are all named at once, exit code 2', async () => {
  const service = spawnService({
    entry: new URL('./main.ts', import.meta.url),
    env: { APP_LABEL: 'nobody', INTAKE_PORT: '99999', OUTBOX_MAX_BYTES: 'many' },
  });
  running.add(service);
  expect(await service.exited).toBe(2);
  for (const key of ['APP_LABEL', 'INTAKE_PORT', 'OUTBOX_MAX_BYTES']) expect(service.output()).toContain(key);
});
