import { createLogger } from '@scholar/runtime/log';
import { createServiceHarness } from '@scholar/runtime/testing';
import { service } from './service.ts';

const ada = { email: 'ada.lovelace@example.org', password: 'correct horse battery' };
const cheap = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' };
const key = { EMAIL_HASH_KEY: 'email-hash-key-of-the-tests-0123456789' };

const post = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('scholar_auth as a process', () => {
  test('starts without EMAIL_HASH_KEY, is ready, and /running names what is missing', async () => {
    const harness = await createServiceHarness(service, { env: cheap });
    expect((await harness.fetch('/ready')).status).toBe(200);
    expect((await harness.fetch('/signup', post(ada))).status).toBe(503);
    const response = await fetch(`${harness.opsUrl}/running`);
    const running = (await response.json()) as { missing: string[]; findings: string[] };
    expect(running.missing).toContain('EMAIL_HASH_KEY');
    expect(running.findings).toContainEqual(expect.stringContaining('SERVICE_CLIENTS_DIR'));
    await harness.stop();
  });

  test('a person signs up, signs in and fails once: no line of the log and no event names them', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ label: 'scholar_auth', role: 'app', level: 'trace', destination });
    const harness = await createServiceHarness(service, { env: { ...cheap, ...key }, log });
    expect((await harness.fetch('/signup', post(ada))).status).toBe(201);
    expect((await harness.fetch('/login', post(ada))).status).toBe(200);
    expect((await harness.fetch('/login', post({ ...ada, password: 'wrong' }))).status).toBe(401);
    const [event] = await harness.events();
    expect(event?.event).toMatchObject({ event_type: 'NewUser', source: '/signup' });
    const everything = `${lines.join('')}${JSON.stringify(harness.emitter.sent)}`;
    expect(everything).not.toMatch(/lovelace|correct horse/i);
    await harness.stop();
  });

  test('a canary signup leaves under the id of its token', async () => {
    const harness = await createServiceHarness(service, { env: { ...cheap, ...key } });
    const token = harness.canaryToken('c1');
    const body = { ...ada, email: 'canary+c1@canary.invalid' };
    expect((await harness.fetch('/signup', post(body, { 'x-scholar-canary': token }))).status).toBe(201);
    expect(await harness.events()).toEqual([
      expect.objectContaining({ canary: token, event: expect.objectContaining({ event_type: 'NewUser' }) }),
    ]);
    await harness.stop();
  });
});
