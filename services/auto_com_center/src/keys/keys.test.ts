import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFingerprint, ringEntry } from '@scholar/contract';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { exchange, sendEvent } from '../testing/send.ts';
import { type RunningHub, startHub, writeKey } from '../testing/start-hub.ts';
import { KeyRing } from './key-ring.ts';
import { judgeKeyFiles } from './read-key-files.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const KEY = 'k'.repeat(43);

describe('KeyRing', () => {
  const ring = new KeyRing([
    {
      ...ringEntry(KEY, { role: 'emit', labels: ['scholar_auth'], notAfter: '2026-11-24T13:00:00Z' }),
      id: 'one',
    },
  ]);

  test('knows a key by its digest, for its labels, until it ends', () => {
    expect(ring.authorizeEmit(KEY, NOW)).toEqual({ ok: true, keyId: 'one', labels: ['scholar_auth'] });
    expect(ring.authorizeEmit(KEY, NOW + 3_600_000)).toEqual({ ok: false, code: 'unauthorized' });
    expect(ring.authorizeEmit(`${KEY}x`, NOW)).toEqual({ ok: false, code: 'unauthorized' });
    expect(ring.authorizeEmit(undefined, NOW)).toEqual({ ok: false, code: 'unauthorized' });
  });

  test('a key of another role is forbidden, not unknown', () => {
    expect(ring.match(KEY, 'read', NOW)).toEqual({ ok: false, code: 'forbidden' });
  });
});

test('a fingerprint that an entry leaves open is learned when the key is used, and outlives a changed folder', () => {
  const open = JSON.stringify({ ...ringEntry(KEY, { role: 'read', labels: [] }), fingerprint: null });
  const memory = { learned: new Map<string, string>() };
  const { ring } = judgeKeyFiles(['a.json'], [open], memory);
  expect(ring.keys[0]?.fingerprint).toBeNull();
  expect(ring.match(`${KEY}x`, 'read', NOW).ok).toBe(false);
  expect(ring.keys[0]?.fingerprint).toBeNull();
  expect(ring.match(KEY, 'read', NOW).ok).toBe(true);
  expect(ring.keys[0]?.fingerprint).toBe(keyFingerprint(KEY));
  expect(judgeKeyFiles(['b.json'], [open], memory).ring.keys[0]?.fingerprint).toBe(keyFingerprint(KEY));
});

test('bad key files are named with a reason and take no other with them', () => {
  const good = JSON.stringify(ringEntry(KEY, { role: 'emit', labels: ['scholar_auth'] }));
  const names = ['a.json', 'b.json', 'c.json', 'd.json', 'e.json'];
  const { ring, bad } = judgeKeyFiles(names, [
    good,
    '{"sha256":',
    '{}',
    good,
    { unreadable: 'it cannot be read (EACCES)' },
  ]);
  expect(ring.keys.map(({ id }) => id)).toEqual(['a']);
  expect(bad.map(({ file }) => file)).toEqual(['b.json', 'c.json', 'd.json', 'e.json']);
  expect(bad[0]?.reason).toBe('it is not JSON');
  expect(bad[2]?.reason).toContain('a.json');
});

describe('the ring of a running A8', () => {
  let database: TestDatabase;
  let hub: RunningHub;

  beforeEach(async () => {
    database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
    hub = await startHub({ databaseUrl: database.url });
  });

  afterEach(async () => {
    await hub.stop();
    await database.drop();
  });

  const statusWith = async (key: string, label: 'scholar_auth' | 'student_pilot' = 'scholar_auth') =>
    (await sendEvent(hub.url, { key, label })).answer.status;

  test('a key that is added is accepted and one that is removed is not, without a restart; two may be valid', async () => {
    expect(await statusWith(KEY)).toBe(401);
    await writeKey(hub.keysDir, 'new', { key: KEY, role: 'emit', labels: ['scholar_auth'] });
    await writeKey(hub.keysDir, 'newer', { key: `${KEY}2`, role: 'emit', labels: ['scholar_auth'] });
    await waitFor(async () => (await statusWith(KEY)) === 201 && (await statusWith(`${KEY}2`)) === 201);
    expect(await statusWith(KEY, 'student_pilot')).toBe(403);
    await rm(join(hub.keysDir, 'new.json'));
    await waitFor(async () => (await statusWith(KEY)) === 401);
    expect(await statusWith(`${KEY}2`)).toBe(201);
  });

  test('a bad file is a finding on /running, and an empty ring makes A8 unready by name', async () => {
    await writeFile(join(hub.keysDir, 'torn.json'), '{');
    const finding = await waitFor(async () => {
      const { body } = await exchange(`${hub.opsUrl}/running`, { method: 'GET' });
      return (body['findings'] as string[] | undefined)?.[0];
    });
    expect(finding).toBe('The key file torn.json is not used: it is not JSON.');
    expect((await exchange(`${hub.opsUrl}/ready`, { method: 'GET' })).status).toBe(200);
    await rm(join(hub.keysDir, 'emit.json'));
    const ready = await waitFor(async () => {
      const answer = await exchange(`${hub.opsUrl}/ready`, { method: 'GET' });
      return answer.status === 503 ? answer : undefined;
    });
    expect(ready.body).toMatchObject({
      checks: { key_ring: { ok: false }, database: { ok: true }, durability: { ok: true } },
    });
    expect((await exchange(`${hub.url}/health`, { method: 'GET' })).status).toBe(200);
    expect((await exchange(`${hub.url}/ready`, { method: 'GET' })).status).toBe(503);
  });
});
