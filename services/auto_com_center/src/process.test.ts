import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runningSchema } from '@scholar/contract';
import { createTestDatabase, freePort, spawnService, tempDir, waitFor } from '@scholar/runtime/testing';
import { exchange, read, report, sendEvent } from './testing/send.ts';
import { CANARY_KEY, KEYS, writeKey } from './testing/start-hub.ts';

const ENTRY = new URL('./main.ts', import.meta.url);

async function environment(databaseUrl: string): Promise<Record<string, string>> {
  const keysDir = await tempDir('keys');
  for (const role of ['emit', 'read', 'operations'] as const)
    await writeKey(keysDir, role, { key: KEYS[role], role });
  const [port, opsPort] = [await freePort(), await freePort()];
  return {
    ...{ HOST: '127.0.0.1', PORT: String(port), OPS_HOST: '127.0.0.1', OPS_PORT: String(opsPort) },
    ...{ DATABASE_URL: databaseUrl, A8_KEYS_DIR: keysDir, CANARY_KEY },
  };
}

test('A8 as a process: it migrates, stores, tells what it runs with, ends on SIGTERM, and no secret leaves it', async () => {
  const database = await createTestDatabase();
  const env = await environment(database.url);
  const service = spawnService({ entry: ENTRY, env });
  try {
    await service.waitForOutput(/"msg":"started"/);
    const url = `http://127.0.0.1:${env['PORT']}`;
    const opsUrl = `http://127.0.0.1:${env['OPS_PORT']}`;
    const { eventId, answer } = await sendEvent(url);
    expect(answer.status).toBe(201);
    expect((await sendEvent(url, { key: 'a-wrong-key-0000000000000000000000000000' })).answer.status).toBe(
      401,
    );
    expect((await report(url, '/operations/heartbeats', { at: 'x' })).status).toBe(422);
    expect((await read(url, `/events/${eventId}`)).status).toBe(200);
    const running = await exchange(`${opsUrl}/running`, { method: 'GET' });
    expect(runningSchema.parse(running.body)).toMatchObject({
      label: 'auto_com_center',
      role: 'hub',
      missing: [],
    });
    const metrics = await exchange(`${opsUrl}/metrics`, { method: 'GET' });
    expect(metrics.body['text']).toMatch(
      /a8_event_write_seconds_bucket\{le="0.15",[^}]*canary="false"[^}]*\} [01]\n/,
    );
    expect(metrics.body['text']).toMatch(/a8_event_write_seconds_count\{[^}]*canary="false"[^}]*\} 1\n/);
    service.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    const told = [service.output(), JSON.stringify(running.body), String(metrics.body['text'])].join('\n');
    const password = new URL(database.url).password;
    for (const secret of [...Object.values(KEYS), CANARY_KEY, 'a-wrong-key', password])
      expect(told).not.toContain(secret);
  } finally {
    await service.stop();
    await database.drop();
  }
}, 30_000);

test('a configuration that cannot work ends with code 2 and names every problem', async () => {
  const service = spawnService({ entry: ENTRY, env: { PORT: 'eighty', ENVIRONMENT: 'moon' } });
  expect(await service.exited).toBe(2);
  for (const key of ['PORT', 'ENVIRONMENT']) expect(service.output()).toContain(key);
});

test('a missing or malformed database address and a missing key ring are findings, not an outage', async () => {
  for (const DATABASE_URL of ['', 'mysql://x']) {
    const [publicPort, opsPort] = [await freePort(), await freePort()];
    const env = { HOST: '127.0.0.1', OPS_HOST: '127.0.0.1', PORT: `${publicPort}`, OPS_PORT: `${opsPort}` };
    const service = spawnService({ entry: ENTRY, env: { ...env, DATABASE_URL } });
    try {
      const ops = `http://127.0.0.1:${opsPort}`;
      await waitFor(async () => (await fetch(`${ops}/health`)).status === 200);
      const ready = await fetch(`${ops}/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toContain('DATABASE_URL is not set');
      const running = runningSchema.parse(await (await fetch(`${ops}/running`)).json());
      expect(running.missing).toContain('DATABASE_URL');
      expect(running.findings?.join(' ')).toContain('A8_KEYS_DIR');
    } finally {
      await service.stop();
    }
  }
}, 30_000);

test('A8 that has waited for its database address ends with 0 when the file appears, and is ready with it the next time', async () => {
  const database = await createTestDatabase();
  const { DATABASE_URL, ...rest } = await environment(database.url);
  const path = join(await tempDir('database-url'), 'DATABASE_URL');
  const env = { ...rest, DATABASE_URL_FILE: path };
  const readiness = async () => (await fetch(`http://127.0.0.1:${rest['OPS_PORT']}/ready`)).status;
  const early = spawnService({ entry: ENTRY, env });
  let next: ReturnType<typeof spawnService> | undefined;
  try {
    await early.waitForOutput(/"msg":"started"/);
    expect(await readiness()).toBe(503);
    await writeFile(path, DATABASE_URL ?? '');
    expect(await early.exited).toBe(0);
    expect(early.output()).toContain('DATABASE_URL has another address');
    next = spawnService({ entry: ENTRY, env });
    await next.waitForOutput(/"msg":"started"/);
    await waitFor(async () => (await readiness()) === 200);
  } finally {
    await early.stop();
    await next?.stop();
    await database.drop();
  }
}, 60_000);

test('a schema with a breaking migration of a newer release ends the process with code 57', async () => {
  const database = await createTestDatabase({ migrations: new URL('../migrations/', import.meta.url) });
  await database.pool.query(`INSERT INTO migrations (name, run_on) VALUES ('0999_breaking_change', now())`);
  const service = spawnService({ entry: ENTRY, env: await environment(database.url) });
  expect(await service.exited).toBe(57);
  expect(service.output()).toContain('0999_breaking_change');
  await database.drop();
});
