import { createLogger } from '@scholar/runtime/log';
import { createServiceHarness } from '@scholar/runtime/testing';
import pg from 'pg';
import { service } from './service.ts';

const ada = { email: 'ada.lovelace@example.org', password: 'correct horse battery' };
const cheap = { ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' };
const key = {
  EMAIL_HASH_KEY: 'email-hash-key-of-the-tests-0123456789',
  KEY_ENCRYPTION_KEY: 'key-encryption-key-of-the-tests-0123456789',
};

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
    const running = (await response.json()) as {
      missing: string[];
      findings: string[];
      settings: Record<string, unknown>;
    };
    expect(running.missing).toEqual(expect.arrayContaining(['EMAIL_HASH_KEY', 'KEY_ENCRYPTION_KEY']));
    expect(running.findings).toContainEqual(expect.stringContaining('SERVICE_CLIENTS_DIR'));
    // Mail is optional: that there is no server for it is said, and is no finding.
    expect(running.missing).not.toContain('SMTP_URL');
    expect(running.settings['SMTP_URL']).toMatchObject({ set: false, source: 'unset' });
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

  test('with a KEY_ENCRYPTION_KEY that opens nothing it is not ready, and says what to do', async () => {
    const harness = await createServiceHarness(service, {
      env: { ...cheap, ...key },
      async databaseBy(url) {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query(
          `INSERT INTO signing_keys (kid, public_jwk, private_sealed, sealed_with, signs_from, retired_at)
           VALUES ('k', '{"kty":"OKP","crv":"Ed25519","x":"AA"}', '\\x00', '0123456789ab', now(), now())`,
        );
        await client.end();
        return url;
      },
    });
    const ready = await harness.fetch('/ready');
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('signing_keys')]);
    const running = await (await fetch(`${harness.opsUrl}/running`)).text();
    expect(running).toContain('KEY_ENCRYPTION_KEY is not the key that the signing keys are sealed with');
    expect((await harness.pool.query('SELECT kid FROM signing_keys')).rows).toEqual([{ kid: 'k' }]);
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
