import { randomUUID } from 'node:crypto';
import { makeLink } from '../links/link-store.ts';
import type { PostJson } from '../privacy/parties.ts';
import { type PrivacyRig, startPrivacy } from '../privacy/testing/privacy-rig.ts';
import { type AuthRig, OPERATIONS_KEY, startAuth } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
const fresh = 'another horse battery';
const URLS = Object.fromEntries([2, 3, 4, 5, 6, 7].map((n) => [`A${n}_URL`, `http://a${n}.example`]));
/** All of the others are away: the request stays open. */
const post: PostJson = async () => ({ status: 503, body: {} });
let rig: AuthRig;
let privacy: PrivacyRig;
let userId: string;
let session: Record<string, unknown>;

beforeEach(async () => {
  rig = await startAuth({ MAILBOX: 'true', PUBLIC_URL: 'https://auth.example.org' });
  privacy = await startPrivacy(rig, { env: URLS, post });
  userId = String((await rig.post('/signup', ada)).body['user_id']);
  session = (await rig.post('/login', ada)).body;
  await rig.deliverMails();
});
afterEach(async () => {
  await privacy.stop();
  await rig.stop();
});

const linkFor = (purpose: 'verify' | 'password') =>
  makeLink(rig.db.pool, { userId, purpose, expiresAt: new Date(rig.clock.now() + 3_600_000) });
const askErasure = () => {
  const as = { authorization: `Bearer ${session['access_token']}` };
  return privacy.post('/privacy/erasures', { password: ada.password }, as);
};
const admit = () =>
  rig.post('/operations/staff', { email: ada.email }, { authorization: `Bearer ${OPERATIONS_KEY}` });
const account = async () => (await rig.db.pool.query('SELECT * FROM users')).rows[0];

async function everyWayIn(links: Record<'verify' | 'password', string>): Promise<Record<string, unknown>> {
  const refreshed = await rig.post('/refresh', { refresh_token: session['refresh_token'] });
  return {
    page: (await fetch(`${rig.url}/password/new?token=${links.password}`)).status,
    link: (await rig.post('/password/new', { token: links.password, password: fresh })).status,
    verified: (await rig.post('/verify-email', { token: links.verify })).status,
    forgot: (await rig.post('/password/forgot', { email: ada.email })).status,
    signup: (await rig.post('/signup', { ...ada, password: fresh })).body['code'],
    staff: (await admit()).body['code'],
    mails: await rig.deliverMails(),
    refresh: refreshed.status,
    login: (await rig.post('/login', ada)).status,
    loginByLink: (await rig.post('/login', { ...ada, password: fresh })).status,
  };
}

/** What anybody is told is what they are told of an address without an account and of a link that is dead. */
const SHUT = {
  ...{ page: 410, link: 410, verified: 410, forgot: 202, signup: 'email_taken', staff: 'conflict' },
  ...{ mails: 0, refresh: 401, login: 401, loginByLink: 401 },
};

test('while somebody is being erased, no link of before, no new mail, no session and no operator lets anybody in', async () => {
  const links = { verify: await linkFor('verify'), password: await linkFor('password') };
  await rig.post('/password/forgot', { email: ada.email });
  expect((await askErasure()).status).toBe(202);
  for (const table of ['mail_links', 'mail_queue'])
    expect((await rig.db.pool.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
  expect(await everyWayIn(links)).toEqual(SHUT);
  expect(await account()).toMatchObject({
    ...{ password_hash: null, roles: ['student'], email_verified_at: null },
  });
});

test('no service learns the id of who is being erased, since what it linked to it would belong to nobody', async () => {
  const service = { authorization: `Bearer ${await rig.serviceToken('auto_page_maker')}` };
  const ask = () => rig.post('/internal/users', { email: ada.email }, service);
  expect(await ask()).toMatchObject({ status: 200, body: { user_id: userId } });
  await askErasure();
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
});

test('nor does what a release back left to a request that is open: a password, a session, links, a mail that waits', async () => {
  const links = { verify: await linkFor('verify'), password: await linkFor('password') };
  await rig.post('/password/forgot', { email: ada.email });
  await rig.db.pool.query(
    'INSERT INTO erasure_requests (request_id, user_id, requested_at) VALUES ($1, $2, now())',
    [randomUUID(), userId],
  );
  expect(await everyWayIn(links)).toEqual(SHUT);
});

test('a link that is used while the erasure is asked for leaves no password and no session', async () => {
  const token = await linkFor('password');
  const [, erasure] = await Promise.all([
    rig.post('/password/new', { token, password: fresh }),
    askErasure(),
  ]);
  // Either the link was first, and the old password not right any more, or the request was.
  const expected = erasure.status === 202 ? 401 : 200;
  expect((await rig.post('/login', { ...ada, password: fresh })).status).toBe(expected);
});
