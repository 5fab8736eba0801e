import { createPasswordHasher } from '../password/hasher.ts';
import { type AuthRig, startAuth } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
const wrong = { ...ada, password: 'wrong wrong wrong' };
let rig: AuthRig;

async function start(env: Record<string, string> = {}): Promise<void> {
  rig = await startAuth(env);
  await rig.post('/signup', ada);
}
afterEach(() => rig.stop());

const older = { ...ada, password: 'qwerty123456' };

/** Where mail works, with an account whose password is an older one that leaked; no mail waits. */
async function startLeaked({ proven, env }: { proven: boolean; env?: Record<string, string> }) {
  await start({ MAILBOX: 'true', PUBLIC_URL: 'https://auth.example.org', ...env });
  await rig.deliverMails();
  const cost = { memoryKib: 64, passes: 1, lanes: 1 };
  const hasher = createPasswordHasher({ cost, places: 1, maxWaiting: 1 });
  await rig.db.pool.query(
    'UPDATE users SET password_hash = $1, email_verified_at = CASE WHEN $2 THEN now() END',
    [await hasher.hash(older.password), proven],
  );
}

const statuses = async (attempts: object[], headers?: Record<string, string>): Promise<number[]> => {
  const found: number[] = [];
  for (const attempt of attempts) found.push((await rig.post('/login', attempt, headers)).status);
  return found;
};

describe('POST /login', () => {
  test('answers a token pair for the right password, not to be cached', async () => {
    await start();
    const answer = await rig.post('/login', { ...ada, email: 'ADA@example.org ' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
    });
  });

  test('an unknown address, a wrong password and an account without a password get one answer', async () => {
    await start();
    const token = await rig.serviceToken('auto_page_maker');
    await rig.post('/internal/users', { email: 'lead@example.org' }, { authorization: `Bearer ${token}` });
    const attempts = [wrong, { ...ada, email: 'nobody@example.org' }, { ...ada, email: 'lead@example.org' }];
    const answers = await Promise.all(attempts.map((attempt) => rig.post('/login', attempt)));
    for (const { status, body } of answers) {
      expect({ status, ...body, request_id: '' }).toEqual({
        ...answers[0]?.body,
        status: 401,
        request_id: '',
        code: 'invalid_credentials',
      });
    }
  });

  test('failures of one address are limited, known or not, until the window is over', async () => {
    await start({ LOGIN_FAILURES_PER_ADDRESS: '3' });
    for (const email of [ada.email, 'nobody@example.org']) {
      expect(await statuses(Array(4).fill({ ...wrong, email }))).toEqual([401, 401, 401, 429]);
    }
    const limited = await rig.post('/login', ada);
    expect(limited).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    await rig.clock.advance(15 * 60_000);
    expect((await rig.post('/login', ada)).status).toBe(200);
  });

  test('the right password starts the count of its address afresh', async () => {
    await start({ LOGIN_FAILURES_PER_ADDRESS: '3' });
    expect(await statuses([wrong, wrong, ada, wrong, wrong, ada])).toEqual([401, 401, 200, 401, 401, 200]);
  });

  test('a burst at once gets no more tries than a row of attempts', async () => {
    await start({ LOGIN_FAILURES_PER_ADDRESS: '3' });
    const answers = await Promise.all(Array.from({ length: 12 }, () => rig.post('/login', wrong)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3);
  });

  test('failures of one client are limited over all addresses; successes do not count', async () => {
    await start({ LOGIN_FAILURES_PER_CLIENT: '2' });
    const from = (ip: string) => ({ 'x-forwarded-for': ip });
    expect(await statuses([ada, ada, ada], from('203.0.113.7'))).toEqual([200, 200, 200]);
    const spread = ['a', 'b', 'c'].map((name) => ({ ...wrong, email: `${name}@example.org` }));
    expect(await statuses(spread, from('203.0.113.7'))).toEqual([401, 401, 429]);
    expect(await statuses([ada], from('203.0.113.8'))).toEqual([200]);
  });

  test('a right password that is known from leaks opens nothing; a link to a new one goes to the address', async () => {
    await startLeaked({ proven: true });
    const refused = await rig.post('/login', older);
    expect(refused).toMatchObject({ status: 403, body: { code: 'password_leaked', link_sent: true } });
    expect(refused.body['detail']).toContain('by the link');
    expect(await rig.deliverMails()).toBe(1);
    // A wrong one is told nothing of it.
    expect((await rig.post('/login', { ...ada, password: 'password1234' })).status).toBe(401);
    const noMail = await startAuth({}, { db: rig.db });
    expect((await noMail.post('/login', older)).status).toBe(200);
    await noMail.stop();
  });

  test('where the limits let no link out, who has a leaked password is told so, and when to come again', async () => {
    await startLeaked({ proven: true, env: { MAILS_PER_ADDRESS: '1' } });
    await rig.post('/verify-email/request', { email: ada.email });
    const refused = await rig.post('/login', older);
    expect(refused).toMatchObject({ status: 403, body: { code: 'password_leaked', link_sent: false } });
    expect(refused.body['detail']).not.toContain('we sent');
    const retryAfterS = Number(refused.headers.get('retry-after'));
    expect(retryAfterS).toBeGreaterThan(0);
    expect(await rig.deliverMails()).toBe(0);
    await rig.clock.advance(retryAfterS * 1_000);
    expect((await rig.post('/login', older)).body).toMatchObject({ link_sent: true });
    expect(await rig.deliverMails()).toBe(1);
  });

  test('a leaked password of an address that was never proven keeps nobody out for good; the answer says that it leaked', async () => {
    await startLeaked({ proven: false });
    const answer = await rig.post('/login', older);
    expect(answer).toMatchObject({
      status: 200,
      body: { password_leaked: true, access_token: expect.any(String) },
    });
    const change = { old_password: older.password, password: ada.password };
    const as = { authorization: `Bearer ${answer.body['access_token']}` };
    expect((await rig.post('/password/change', change, as)).status).toBe(204);
    expect((await rig.post('/login', ada)).body).not.toHaveProperty('password_leaked');
  });

  test('a hash of an older cost is replaced by one of the cost of today', async () => {
    await start();
    const older = await startAuth({ ARGON2_PASSES: '3' }, { db: rig.db });
    const stored = async () =>
      (await rig.db.pool.query('SELECT password_hash FROM users')).rows[0].password_hash;
    expect((await older.post('/login', ada)).status).toBe(200);
    expect(await stored()).toContain('t=3');
    expect((await rig.post('/login', ada)).status).toBe(200);
    expect(await stored()).toContain('t=1');
    await older.stop();
  });

  test('when too many passwords wait it says when to come back', async () => {
    await start({ PASSWORD_PLACES: '1', PASSWORD_QUEUE: '0', ARGON2_MEMORY_KIB: '19456' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => rig.post('/login', { ...wrong, email: `p${i}@example.org` })),
    );
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]).toMatchObject({ body: { code: 'unavailable' } });
    expect(busy[0]?.headers.get('retry-after')).toBe('2');
  });
});
