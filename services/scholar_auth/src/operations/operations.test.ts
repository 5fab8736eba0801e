import { decodeJwt } from 'jose';
import { type AuthRig, OPERATIONS_KEY, startAuth } from '../testing/auth-rig.ts';

const operator = { authorization: `Bearer ${OPERATIONS_KEY}` };
const eve = { email: 'eve@example.org', password: 'correct horse battery' };
let rig: AuthRig;

beforeEach(async () => {
  rig = await startAuth({ MAILBOX: 'true', PUBLIC_URL: 'https://auth.example.org' });
});
afterEach(() => rig.stop());

const admit = (email = eve.email) => rig.post('/operations/staff', { email }, operator);
const dismiss = (userId: unknown) =>
  fetch(`${rig.url}/operations/staff/${userId}`, { method: 'DELETE', headers: operator });
const claims = (answer: { body: Record<string, unknown> }) => decodeJwt(String(answer.body['access_token']));

async function setPasswordByMail(password: string): Promise<void> {
  await rig.deliverMails();
  const page = await (await fetch(`${rig.url}/mailbox`)).text();
  const token = /\/password\/new\?token=([\w-]+)/u.exec(page)?.[1];
  expect((await rig.post('/password/new', { token, password })).status).toBe(204);
}

describe('staff', () => {
  test('is made by operations, chooses a password through the mail, and has the role in the token', async () => {
    const made = await admit();
    expect(made).toMatchObject({ status: 201, body: { created: true } });
    expect((await rig.post('/login', eve)).status).toBe(401);
    await setPasswordByMail(eve.password);
    const signedIn = await rig.post('/login', eve);
    expect(claims(signedIn)).toMatchObject({ roles: ['staff'], email_verified: true });
    expect((await rig.events())[0]?.event).toMatchObject({
      event_type: 'NewUser',
      source: '/operations/staff',
      actor_id: made.body['user_id'],
    });
  });

  test('a password that was chosen before the address was proven does not open the account afterwards', async () => {
    await rig.post('/signup', eve);
    const { body } = await rig.post('/login', eve);
    expect(await admit()).toMatchObject({ status: 200, body: { created: false } });
    expect((await rig.post('/login', eve)).status).toBe(401);
    expect((await rig.post('/refresh', { refresh_token: body['refresh_token'] })).status).toBe(401);
  });

  test('who has proven the address keeps password and other roles', async () => {
    await rig.post('/signup', { ...eve, role: 'provider' });
    await rig.post('/password/forgot', { email: eve.email });
    await setPasswordByMail('another horse battery');
    await admit();
    const signedIn = await rig.post('/login', { ...eve, password: 'another horse battery' });
    expect(claims(signedIn)['roles']).toEqual(['provider', 'staff']);
  });

  test('that is dismissed loses role and sessions, once', async () => {
    const { body } = await admit();
    await setPasswordByMail(eve.password);
    const session = await rig.post('/login', eve);
    expect((await dismiss(body['user_id'])).status).toBe(204);
    expect((await rig.post('/refresh', { refresh_token: session.body['refresh_token'] })).status).toBe(401);
    expect(claims(await rig.post('/login', eve))['roles']).toEqual(['student']);
    expect((await dismiss(body['user_id'])).status).toBe(404);
    expect((await dismiss('nobody')).status).toBe(404);
  });

  test('is not made where no mail can be sent, since nobody could ever sign in', async () => {
    const mute = await startAuth({}, { db: rig.db });
    const answer = await mute.post('/operations/staff', { email: eve.email }, operator);
    expect(answer).toMatchObject({ status: 503, body: { code: 'not_configured' } });
    expect(await rig.events()).toEqual([]);
    await mute.stop();
  });

  test.each([
    ['PUBLIC_URL is missing', { MAILBOX: 'true' }, 'PUBLIC_URL is not set'],
    ['SMTP_URL is no address of mail', { SMTP_URL: 'https://mail.example.org' }, 'SMTP_URL is not smtp://'],
    ['the mailbox is refused', { MAILBOX: 'true', ENVIRONMENT: 'production' }, 'refused: set SMTP_URL'],
  ])('and where %s, that is what the refusals say', async (what, env, reason) => {
    const publicUrl = what.startsWith('PUBLIC_URL') ? {} : { PUBLIC_URL: 'https://auth.example.org' };
    const mute = await startAuth({ ...publicUrl, ...env }, { db: rig.db });
    for (const path of ['/operations/staff', '/password/forgot']) {
      const { status, body } = await mute.post(path, { email: eve.email }, operator);
      expect([path, status, body['setting']]).toEqual([path, 503, 'SMTP_URL']);
      expect(body['detail']).toContain(reason);
      expect(body['detail']).not.toContain('SMTP_URL is not set');
    }
    await mute.stop();
  });
});

test('a rotation that operations asks for says which key signs from when', async () => {
  const soon = await rig.post('/operations/signing-keys', {}, operator);
  expect(soon).toMatchObject({ status: 200, body: { kid: expect.any(String) } });
  expect(Date.parse(String(soon.body['signs_from']))).toBe(rig.clock.now() + 20 * 60_000);
  const now = await rig.post('/operations/signing-keys', { how: 'at_once' }, operator);
  expect((await rig.keys.current()).kid).toBe(now.body['kid']);
  expect((await rig.post('/operations/signing-keys', { how: 'later' }, operator)).status).toBe(422);
});

test('a rotation under another KEY_ENCRYPTION_KEY is refused with the reason, and changes nothing', async () => {
  const { kid } = await rig.keys.current();
  rig.setKeyEncryptionKey('another-key-encryption-key-of-the-tests-0123');
  expect(await rig.post('/operations/signing-keys', {}, operator)).toMatchObject({
    status: 503,
    body: {
      code: 'not_configured',
      detail: expect.stringContaining(
        'KEY_ENCRYPTION_KEY is not the key that the signing keys are sealed with',
      ),
    },
  });
  expect((await rig.db.pool.query('SELECT kid FROM signing_keys')).rows).toEqual([{ kid }]);
});

test.each([
  ['nothing', async () => ({})],
  ['another key', async () => ({ authorization: 'Bearer operations-key' })],
  [
    'the token of a service',
    async () => ({ authorization: `Bearer ${await rig.serviceToken('student_pilot')}` }),
  ],
])('%s opens none of the routes for operations', async (_what, headers) => {
  const as = await headers();
  for (const path of ['/operations/signing-keys', '/operations/staff'])
    expect(await rig.post(path, { email: eve.email }, as)).toMatchObject({ status: 401 });
  const gone = await fetch(`${rig.url}/operations/staff/x`, { method: 'DELETE', headers: as });
  expect(gone.status).toBe(401);
  expect(await rig.events()).toEqual([]);
});
