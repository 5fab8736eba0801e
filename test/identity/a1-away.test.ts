import { FIND_PATH } from '@scholar/runtime/personal-data';
import {
  createServiceHarness,
  type HarnessOptions,
  type ServiceHarness,
  waitFor,
} from '@scholar/runtime/testing';
import { service as register } from '../../services/provider_register/src/service.ts';
import { service as pilot } from '../../services/student_pilot/src/service.ts';

const NOBODY_THERE = 'http://127.0.0.1:1';

describe.each([
  ['A5', (options: HarnessOptions) => createServiceHarness(pilot, options)],
  ['A6', (options: HarnessOptions) => createServiceHarness(register, options)],
])('%s while A1 is away', (_number, start) => {
  let seen: ServiceHarness;
  let databaseUrl: string;

  /** 200 for the token of scholar_auth, 503 while tokens cannot be checked. */
  async function askedBy(token: string, who: ServiceHarness): Promise<number> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const person = { user_id: '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d', email: 'ada@example.org' };
    return (await who.fetch(FIND_PATH, { method: 'POST', headers, body: JSON.stringify(person) })).status;
  }

  beforeEach(async () => {
    seen = await start({
      async databaseBy(url) {
        databaseUrl = url;
        return url;
      },
    });
  });
  afterEach(() => seen.stop());

  test('goes on checking tokens with the keys that it has seen, also after a restart', async () => {
    const token = await seen.identity.serviceToken('scholar_auth');
    expect(await askedBy(token, seen)).toBe(200);
    const isKept = async () => (await seen.pool.query('SELECT FROM issuer_keys')).rowCount === 1;
    await waitFor(isKept, { what: 'the keys in the database' });
    await seen.identity.close();
    expect(await askedBy(token, seen)).toBe(200);
    const restarted = await start({ env: { DATABASE_URL: databaseUrl, A1_URL: NOBODY_THERE } });
    expect(await askedBy(token, restarted)).toBe(200);
    expect(await askedBy(await restarted.identity.serviceToken('scholar_auth'), restarted)).toBe(401);
    await restarted.stop();
  });

  test('says that tokens cannot be checked where it never saw a key, and asks for patience', async () => {
    const token = await seen.identity.serviceToken('scholar_auth');
    await seen.identity.close();
    expect(await askedBy(token, seen)).toBe(503);
  });
});
