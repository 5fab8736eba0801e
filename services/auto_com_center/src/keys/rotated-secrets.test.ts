import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mintCanary } from '@scholar/contract';
import { createTestDatabase, type TestDatabase, tempDir, waitFor } from '@scholar/runtime/testing';
import { anEvent, sendEvent } from '../testing/send.ts';
import { CANARY_KEY, KEYS, type RunningHub, startHub, writeKey } from '../testing/start-hub.ts';

const NEW = 'new-key-of-the-tests-000000000000000000000000';

let database: TestDatabase;
let hub: RunningHub;
let canaryKeyFile: string;

beforeEach(async () => {
  database = await createTestDatabase();
  canaryKeyFile = join(await tempDir('canary'), 'CANARY_KEY');
  await writeFile(canaryKeyFile, CANARY_KEY);
  const env = { ENVIRONMENT: 'production', CANARY_KEY: '', CANARY_KEY_FILE: canaryKeyFile };
  hub = await startHub({ databaseUrl: database.url, env });
});

afterEach(async () => {
  await hub.stop();
  await database.drop();
});

const statusOf = async (key: string) => (await sendEvent(hub.url, { key })).answer.status;

test('the old key works beside the new one until its entry is gone, and then it is 401', async () => {
  await writeKey(hub.keysDir, 'emit-new', { key: NEW, role: 'emit' });
  await waitFor(async () => (await statusOf(NEW)) === 201);
  expect(await statusOf(KEYS.emit)).toBe(201);
  await rm(join(hub.keysDir, 'emit.json'));
  await waitFor(async () => (await statusOf(KEYS.emit)) === 401);
  expect(await statusOf(NEW)).toBe(201);
}, 30_000);

test('canaries of a new canary key are taken in production when its file has changed', async () => {
  const canary = mintCanary(NEW, { canaryId: randomUUID(), notAfterMs: Date.now() + 60_000 });
  const event = anEvent({ payload: { simulated: true } });
  const answered = async () => (await sendEvent(hub.url, { canary, event })).answer.status;
  expect(await answered()).toBe(422);
  await writeFile(`${canaryKeyFile}.new`, NEW);
  await rename(`${canaryKeyFile}.new`, canaryKeyFile);
  await waitFor(async () => (await answered()) === 201, { timeoutMs: 20_000 });
}, 30_000);
