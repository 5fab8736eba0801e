import { waitFor } from '@scholar/runtime/testing';
import { type Answer, type AuthRig, startAuth } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
let rig: AuthRig;

beforeEach(async () => {
  rig = await startAuth();
  await rig.post('/signup', ada);
});
afterEach(() => rig.stop());

const signIn = async (): Promise<string> => String((await rig.post('/login', ada)).body['refresh_token']);
const refresh = (token: string) => rig.post('/refresh', { refresh_token: token });
const refreshed = async (token: string): Promise<string> =>
  String((await refresh(token)).body['refresh_token']);

describe('a session', () => {
  test('goes on from refresh to refresh, each with a new token', async () => {
    const first = await signIn();
    const answer = await refresh(first);
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 600 } });
    expect(answer.body['refresh_token']).not.toBe(first);
    expect((await refresh(String(answer.body['refresh_token']))).status).toBe(200);
  });

  test('has a token of 256 random bits: none is like another, and what is signed is signed by 512 bits', async () => {
    const pairs: Answer[] = [];
    for (let i = 0; i < 20; i += 1) pairs.push(await rig.post('/login', ada));
    const refresh = pairs.map(({ body }) => String(body['refresh_token']));
    for (const token of refresh) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    for (let at = 0; at + 8 <= 43; at += 1)
      expect(new Set(refresh.map((token) => token.slice(at, at + 8))).size).toBe(refresh.length);
    const signatures = pairs.map(({ body }) => String(body['access_token']).split('.')[2] ?? '');
    for (const signature of signatures) expect(Buffer.from(signature, 'base64url')).toHaveLength(64);
    expect(new Set(signatures).size).toBe(signatures.length);
  });

  test('ends for both when a token comes a second time, and other sessions of the user go on', async () => {
    const other = await signIn();
    const stolen = await signIn();
    const successor = await refreshed(stolen);
    expect(await refresh(stolen)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
    expect((await refresh(successor)).status).toBe(401);
    expect((await refresh(other)).status).toBe(200);
  });

  test('one token in ten requests at once is used once, and the reuse ends the session', async () => {
    const token = await signIn();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(token)));
    const taken = answers.filter(({ status }) => status === 200);
    expect(taken).toHaveLength(1);
    expect((await refresh(String(taken[0]?.body['refresh_token']))).status).toBe(401);
  });

  test('ends at logout, which may be repeated', async () => {
    const token = await signIn();
    const next = await refreshed(token);
    for (let i = 0; i < 2; i += 1)
      expect((await rig.post('/logout', { refresh_token: next })).status).toBe(204);
    expect((await refresh(next)).status).toBe(401);
  });

  test("ends with all others of its person, and with nobody else's, by one request", async () => {
    const grace = { ...ada, email: 'grace@example.org' };
    await rig.post('/signup', grace);
    const others = String((await rig.post('/login', grace)).body['refresh_token']);
    const first = await signIn();
    const { body } = await rig.post('/login', ada);
    const authorization = `Bearer ${body['access_token']}`;
    expect((await rig.post('/logout/everywhere', {}, { authorization })).status).toBe(204);
    for (const token of [first, String(body['refresh_token'])])
      expect((await refresh(token)).status).toBe(401);
    expect((await refresh(others)).status).toBe(200);
  });

  test('is ended everywhere for people only: nobody and a service are refused', async () => {
    const token = await signIn();
    expect((await rig.post('/logout/everywhere', {})).status).toBe(401);
    const authorization = `Bearer ${await rig.serviceToken('auto_page_maker')}`;
    expect((await rig.post('/logout/everywhere', {}, { authorization })).status).toBe(403);
    expect((await refresh(token)).status).toBe(200);
  });

  test('does not begin with a password that was changed while it was being checked', async () => {
    const changing = await rig.db.pool.connect();
    await changing.query('BEGIN');
    await changing.query("UPDATE users SET password_hash = password_hash || '0'");
    const signingIn = rig.post('/login', ada);
    await waitFor(async () => {
      const { rows } = await rig.db.pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length > 0 ? true : undefined;
    });
    await changing.query('COMMIT');
    changing.release();
    expect((await signingIn).status).toBe(401);
  });

  test('ends after thirty days', async () => {
    const token = await signIn();
    await rig.clock.advance(30 * 86_400_000);
    expect((await refresh(token)).status).toBe(401);
  });

  test('unknown and malformed tokens are refused', async () => {
    expect((await refresh('unknown')).status).toBe(401);
    expect((await rig.post('/refresh', {})).status).toBe(422);
    expect((await rig.post('/logout', { refresh_token: 'unknown' })).status).toBe(204);
  });

  test('the database holds no refresh token', async () => {
    const token = await signIn();
    const { rows } = await rig.db.pool.query('SELECT t::text AS everything FROM refresh_tokens t');
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
