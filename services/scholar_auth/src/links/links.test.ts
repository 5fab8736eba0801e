import { type AuthRig, startAuth, withCanary } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
const fresh = 'another horse battery';
const PUBLIC_URL = 'https://auth.example.org';
let rig: AuthRig;

beforeEach(async () => {
  rig = await startAuth({ MAILBOX: 'true', PUBLIC_URL });
});
afterEach(() => rig.stop());

async function mailbox(): Promise<string> {
  await rig.deliverMails();
  return (await fetch(`${rig.url}/mailbox`)).text();
}
/** Tokens of the links in the mailbox that lead to a path, newest first. */
async function tokens(path: string): Promise<string[]> {
  const links = (await mailbox()).matchAll(/href="([^"]+)"/gu);
  return [...links]
    .map(([, href]) => new URL(href ?? '', PUBLIC_URL))
    .filter((link) => link.origin === PUBLIC_URL && link.pathname === path && link.search !== '')
    .map((link) => link.searchParams.get('token') ?? '');
}
const newest = async (path: string): Promise<string> => (await tokens(path))[0] ?? '';
const forgot = (email = ada.email) => rig.post('/password/forgot', { email });
const setPassword = (token: string, password = fresh) => rig.post('/password/new', { token, password });
const verifiedAt = async () =>
  (await rig.db.pool.query('SELECT email_verified_at FROM users')).rows[0].email_verified_at;

describe('confirming an address', () => {
  test('a signup sends one link; looking at it changes nothing, pressing its button confirms once', async () => {
    await rig.post('/signup', ada);
    const token = await newest('/verify-email');
    for (let i = 0; i < 2; i += 1) {
      const page = await fetch(`${rig.url}/verify-email?token=${token}`);
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect(await verifiedAt()).toBeNull();
    expect((await rig.post('/verify-email', { token })).status).toBe(204);
    expect(await verifiedAt()).not.toBeNull();
    expect(await rig.post('/verify-email', { token })).toMatchObject({
      status: 410,
      body: { code: 'invalid_link' },
    });
    expect((await fetch(`${rig.url}/verify-email?token=${token}`)).status).toBe(410);
  });

  test('a new link can be asked for until the address is confirmed', async () => {
    await rig.post('/signup', ada);
    await rig.deliverMails();
    expect((await rig.post('/verify-email/request', { email: ada.email })).status).toBe(202);
    const [second = '', first = ''] = await tokens('/verify-email');
    expect((await rig.post('/verify-email', { token: second })).status).toBe(204);
    expect((await rig.post('/verify-email', { token: first })).status).toBe(410);
    await rig.post('/verify-email/request', { email: ada.email });
    expect(await tokens('/verify-email')).toHaveLength(2);
  });

  test('who signs up with a taken address is refused, and the owner of the address is told by mail', async () => {
    await rig.post('/signup', ada);
    await rig.deliverMails();
    expect((await rig.post('/signup', { ...ada, password: fresh })).status).toBe(409);
    expect(await mailbox()).toContain('You have an account already');
    expect((await rig.post('/login', ada)).status).toBe(200);
  });

  test('a link that confirms sets no password', async () => {
    await rig.post('/signup', ada);
    expect((await setPassword(await newest('/verify-email'))).status).toBe(410);
  });

  test('a canary gets no mail, and neither does a lead who asked for no account', async () => {
    const canary = { ...ada, email: 'canary+c1@canary.invalid' };
    await rig.post('/signup', canary, withCanary(rig.canary('c1')));
    await forgot(canary.email);
    const authorization = `Bearer ${await rig.serviceToken('auto_page_maker')}`;
    await rig.post('/internal/users', { email: 'lead@example.org' }, { authorization });
    expect(await rig.deliverMails()).toBe(0);
  });
});

describe("a lead's account", () => {
  beforeEach(async () => {
    const authorization = `Bearer ${await rig.serviceToken('auto_page_maker')}`;
    await rig.post('/internal/users', { email: ada.email }, { authorization });
  });

  test('is taken over by whoever reads the mail, with the password chosen there', async () => {
    const typed = await rig.post('/signup', ada);
    expect(typed).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect((await setPassword(await newest('/password/new'))).status).toBe(204);
    expect((await rig.post('/login', { ...ada, password: fresh })).status).toBe(200);
    expect(await verifiedAt()).not.toBeNull();
    expect(await mailbox()).toContain('Your password was changed');
    expect(await rig.events()).toHaveLength(1);
  });

  test('does not open to the password that was typed at signup', async () => {
    await rig.post('/signup', ada);
    await setPassword(await newest('/password/new'));
    expect((await rig.post('/login', ada)).status).toBe(401);
  });
});

describe('a forgotten password', () => {
  const page = async (at: AuthRig, method: 'GET' | 'POST') => {
    const response = await fetch(`${at.url}/password/forgot`, {
      method,
      headers: { accept: 'text/html' },
      ...(method === 'POST' ? { body: new URLSearchParams({ email: ada.email }) } : {}),
    });
    return [response.status, await response.text()];
  };

  test('is told where mails land that do not leave the machine, with an account or without', async () => {
    await rig.post('/signup', ada);
    for (const email of [ada.email, 'nobody@example.org'])
      expect(await forgot(email)).toMatchObject({ status: 202, body: { mailbox: `${PUBLIC_URL}/mailbox` } });
    expect(await page(rig, 'POST')).toEqual([200, expect.stringContaining(`href="${PUBLIC_URL}/mailbox"`)]);
  });

  test('says that mail is not set up where it is not, and what to do, instead of asking for an address', async () => {
    const mute = await startAuth({}, { db: rig.db });
    const words = expect.stringContaining('mail is not set up here');
    expect(await page(mute, 'GET')).toEqual([200, words]);
    expect(await page(mute, 'POST')).toEqual([503, words]);
    const refused = await mute.post('/password/forgot', { email: ada.email });
    expect(refused).toMatchObject({ status: 503, body: { code: 'not_configured', setting: 'SMTP_URL' } });
    await mute.stop();
  });

  beforeEach(async () => {
    await rig.post('/signup', ada);
    await rig.deliverMails();
  });

  test('is replaced through the link, which ends every session and proves the address', async () => {
    const sessions = [await rig.post('/login', ada), await rig.post('/login', ada)];
    await forgot();
    expect((await setPassword(await newest('/password/new'))).status).toBe(204);
    for (const { body } of sessions) {
      const refresh = await rig.post('/refresh', { refresh_token: body['refresh_token'] });
      expect(refresh.status).toBe(401);
    }
    expect((await rig.post('/login', ada)).status).toBe(401);
    expect((await rig.post('/login', { ...ada, password: fresh })).status).toBe(200);
    expect(await verifiedAt()).not.toBeNull();
  });

  test('ten uses of one link at once set one password', async () => {
    await forgot();
    const token = await newest('/password/new');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => setPassword(token, `${fresh} ${i}`)),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(9);
  });

  test('two links used at once set one password', async () => {
    await forgot();
    await rig.deliverMails();
    await forgot();
    const links = await tokens('/password/new');
    expect(links).toHaveLength(2);
    const answers = await Promise.all(links.map((token) => setPassword(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410]);
  });

  test('the link ends after an hour', async () => {
    await forgot();
    const token = await newest('/password/new');
    await rig.clock.advance(3_600_000);
    expect((await setPassword(token)).status).toBe(410);
  });

  test('a password that is too short is said beside its field and uses nothing up', async () => {
    await forgot();
    const token = await newest('/password/new');
    expect(await setPassword(token, 'short')).toMatchObject({
      status: 422,
      body: { code: 'validation_failed' },
    });
    const page = await fetch(`${rig.url}/password/new`, {
      method: 'POST',
      headers: { accept: 'text/html' },
      body: new URLSearchParams({ token, password: 'short' }),
    });
    expect([page.status, await page.text()]).toEqual([422, expect.stringContaining('field-password-error')]);
    expect((await setPassword(token)).status).toBe(204);
  });

  test('a password that is known from leaks is said beside its field and uses nothing up', async () => {
    await forgot();
    const token = await newest('/password/new');
    const page = await fetch(`${rig.url}/password/new`, {
      method: 'POST',
      headers: { accept: 'text/html' },
      body: new URLSearchParams({ token, password: '1qaz2wsx3edc' }),
    });
    expect([page.status, await page.text()]).toEqual([
      422,
      expect.stringMatching(/aria-invalid="true"[\s\S]*id="field-password-error">[^<]*leaked/),
    ]);
    expect((await setPassword(token)).status).toBe(204);
  });

  test('a link signs nobody in: what it answers holds no token and sets no cookie', async () => {
    await forgot();
    const page = await fetch(`${rig.url}/password/new?token=${await newest('/password/new')}`);
    const used = await setPassword(await newest('/password/new'));
    for (const headers of [page.headers, used.headers]) expect(headers.getSetCookie()).toEqual([]);
    expect([await page.text(), JSON.stringify(used.body)].join()).not.toMatch(/access_token|eyJ/);
  });

  test('opens an account that was locked out', async () => {
    for (let i = 0; i < 11; i += 1) await rig.post('/login', { ...ada, password: 'wrong wrong' });
    expect((await rig.post('/login', ada)).status).toBe(429);
    await forgot();
    await setPassword(await newest('/password/new'));
    expect((await rig.post('/login', { ...ada, password: fresh })).status).toBe(200);
  });

  test('the answer is one for a known and an unknown address, up to the limit and beyond it', async () => {
    const asked = async (email: string) => {
      const answers = [];
      for (let i = 0; i < 6; i += 1) {
        const { status, body } = await forgot(email);
        answers.push({ status, ...body, request_id: '' });
      }
      return answers;
    };
    const known = await asked(ada.email);
    expect(known.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429]);
    expect(await asked('nobody@example.org')).toEqual(known);
  });

  test('the database holds no token and no address of a mail', async () => {
    await forgot();
    const token = await newest('/password/new');
    const tables = ['users', 'mail_queue', 'mail_links', 'mailbox'];
    const rows = await Promise.all(
      tables.map((name) => rig.db.pool.query(`SELECT t::text AS everything FROM ${name} t`)),
    );
    const everything = JSON.stringify(rows.map((found) => found.rows));
    expect(rows[2]?.rowCount).toBeGreaterThan(0);
    for (const secret of [token, ada.email]) {
      expect(everything).not.toContain(secret);
      // As bytes: columns of that type are written in hexadecimal.
      expect(everything).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
