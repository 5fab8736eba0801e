import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canaryEventId, mintCanary } from '@scholar/contract';
import { authenticated, principalOf, requireRole } from '../auth/index.ts';
import { setting } from '../config/index.ts';
import { createServiceHarness, type ServiceHarness, tempDir, waitFor } from '../testing/index.ts';
import { defineService } from './index.ts';

async function migrations(): Promise<string> {
  const dir = join(await tempDir(), 'migrations');
  await mkdir(dir);
  await writeFile(join(dir, '0001_notes.sql'), 'CREATE TABLE notes (text text);');
  return dir;
}

const define = (dir: string) =>
  defineService({
    label: 'scholar_auth',
    migrations: dir,
    settings: { GREETING: setting.string({ description: 'What it says.', default: 'hello' }) },
    build: (deps) => ({
      app(app) {
        app.use(authenticated(deps));
        app.get('/greeting', (_request, response) => void response.json({ text: deps.settings.GREETING }));
        app.post('/notes', async (request, response) => {
          const answer = await deps.withTransaction(async (tx) => {
            await tx.query('INSERT INTO notes VALUES ($1)', [request.body.text]);
            return deps.record(tx, {
              eventType: 'PageView',
              actorId: principalOf(response)?.subject ?? 'system',
              source: '/notes',
              canaryToken: request.get('x-scholar-canary'),
            });
          });
          response.status(201).json(answer);
        });
        app.get(
          '/mine',
          requireRole('student'),
          (_request, response) => void response.json(principalOf(response)),
        );
      },
    }),
  });

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('a service', () => {
  let harness: ServiceHarness;

  beforeEach(async () => {
    harness = await createServiceHarness(define(await migrations()));
  });

  afterEach(() => harness.stop());

  test('writes the business row and its event together, and the event leaves under the answered id', async () => {
    const response = await harness.fetch(
      '/notes',
      json({ text: 'one' }, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }),
    );
    expect(response.status).toBe(201);
    const { eventId } = (await response.json()) as { eventId: string };
    const [event] = await harness.events();
    expect(event).toMatchObject({
      eventId,
      label: 'scholar_auth',
      event: { event_type: 'PageView', actor_id: 'system' },
    });
    expect(event?.traceparent).toContain('a'.repeat(32));
    expect(event?.event.payload).toEqual({});
  });

  test('a canary request gives a simulated event under the id that its prober knows', async () => {
    const canary = harness.canaryToken('probe-7');
    await harness.fetch('/notes', json({ text: 'one' }, { 'x-scholar-canary': canary }));
    const [event] = await harness.events();
    const eventType = 'PageView';
    const eventId = canaryEventId({
      key: harness.canaryKey,
      canaryId: 'probe-7',
      label: 'scholar_auth',
      eventType,
    });
    expect(event).toMatchObject({
      eventId,
      canary,
      event: { actor_id: 'canary', payload: { simulated: true } },
    });
  });

  test('knows who asks by a token of the key set', async () => {
    const token = await harness.identity.userToken({ subject: 'u-1', roles: ['student'] });
    const mine = await harness.fetch('/mine', { headers: { authorization: `Bearer ${token}` } });
    expect(await mine.json()).toMatchObject({ subject: 'u-1', kind: 'user' });
    expect((await harness.fetch('/mine')).status).toBe(401);
  });

  test('tells what it really runs with, and no secret', async () => {
    const running = await (await fetch(`${harness.opsUrl}/running`)).text();
    expect(JSON.parse(running)).toMatchObject({
      label: 'scholar_auth',
      role: 'app',
      emit_mode: 'forwarder',
      event_names: 'v3.5.1',
      endpoint: 'http://127.0.0.1:4200/events',
      sends_authorization: false,
      missing: [],
      settings: { GREETING: { value: 'hello', source: 'default' }, CANARY_KEY: { set: true } },
    });
    expect(running).not.toContain(harness.canaryKey);
    expect(await (await fetch(`${harness.opsUrl}/metrics`)).text()).toContain(
      'outbox_relay_waiting{app="scholar_auth"} 0',
    );
  });
});

describe('a service without what it needs', () => {
  test('runs without DATABASE_URL: alive, not ready, and it names the setting', async () => {
    const harness = await createServiceHarness(define(await migrations()), { env: { DATABASE_URL: '' } });
    const health = await harness.fetch('/health');
    const ready = await fetch(`${harness.opsUrl}/ready`);
    const route = await harness.fetch('/greeting');
    const running = await (await fetch(`${harness.opsUrl}/running`)).json();
    expect([health.status, ready.status, route.status]).toEqual([200, 503, 503]);
    expect(await ready.text()).toContain('DATABASE_URL is not set');
    expect(running).toMatchObject({ missing: ['DATABASE_URL'] });
    await harness.stop();
  });

  test('in the broken profile it says so', async () => {
    const env = { EMIT_MODE: 'direct', EVENT_NAMES: 'legacy', A8_URL: 'http://127.0.0.1:9', CANARY_KEY: '' };
    const harness = await createServiceHarness(define(await migrations()), { env });
    expect(await (await fetch(`${harness.opsUrl}/running`)).json()).toMatchObject({
      emit_mode: 'direct',
      event_names: 'legacy',
      endpoint: 'http://127.0.0.1:9/ingest',
      sends_authorization: false,
      missing: ['CANARY_KEY'],
    });
    await harness.stop();
  });
});

test('canaries are told by the canary key that its file has now', async () => {
  const path = join(await tempDir(), 'CANARY_KEY');
  const [old, fresh] = ['old-key-of-the-tests-0000000000000', 'new-key-of-the-tests-0000000000000'];
  await writeFile(path, old);
  const env = { CANARY_KEY: '', CANARY_KEY_FILE: path };
  const harness = await createServiceHarness(define(await migrations()), { env });
  try {
    const canary = mintCanary(fresh, { canaryId: 'probe', notAfterMs: Date.now() + 60_000 });
    const isSimulated = async () => {
      await harness.fetch('/notes', json({ text: 'one' }, { 'x-scholar-canary': canary }));
      return (await harness.events()).at(-1)?.event.payload['simulated'] === true;
    };
    expect(await isSimulated()).toBe(false);
    await writeFile(`${path}.new`, fresh);
    await rename(`${path}.new`, path);
    await waitFor(isSimulated, { timeoutMs: 20_000, intervalMs: 200 });
  } finally {
    await harness.stop();
  }
}, 40_000);
