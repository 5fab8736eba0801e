import { randomUUID } from 'node:crypto';
import { ERASE_PATH, FORWARDERS_PATH } from '@scholar/runtime/personal-data';
import { type AuthRig, createAuthDatabase, startAuth } from '../testing/auth-rig.ts';
import type { PostJson } from './parties.ts';
import { type PrivacyRig, startPrivacy } from './testing/privacy-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
const URLS = Object.fromEntries([2, 3, 4, 5, 6, 7].map((n) => [`A${n}_URL`, `http://a${n}.example`]));

type Sent = { url: string; json: Record<string, unknown>; bearer: string };
let sent: Sent[];
let answers: (url: string) => { status: number; body: unknown };
let rig: AuthRig;
let privacy: PrivacyRig;
let db: AuthRig['db'];

const CONFIRMED = { forwarders: 1, waiting: 0, away: 0, quarantined: 0, events: 0 };
const healthy: typeof answers = (url) => {
  if (url.endsWith(FORWARDERS_PATH)) return { status: 200, body: CONFIRMED };
  if (url.endsWith('/operations/erasures')) return { status: 202, body: { erasure_id: '1' } };
  if (url.endsWith(ERASE_PATH)) return { status: 200, body: { erased: { rows: 1 } } };
  const actors = url.startsWith('http://a6.example') ? ['provider-7'] : [];
  return { status: 200, body: { found: { things: [{ of: new URL(url).host }] }, actors } };
};
const post: PostJson = async (url, { json, bearer }) => {
  sent.push({ url, json: json as Sent['json'], bearer });
  return answers(url);
};

beforeEach(async () => {
  sent = [];
  answers = healthy;
  db = await createAuthDatabase();
  rig = await startAuth({}, { db });
  privacy = await startPrivacy(rig, { env: URLS, post });
});
afterEach(async () => {
  await privacy.stop();
  await rig.stop();
  await db.drop();
});

async function signedIn(
  person = ada,
): Promise<{ userId: string; as: Record<string, string>; refresh: string }> {
  const { body } = await rig.post('/signup', person);
  const tokens = (await rig.post('/login', person)).body;
  // No relay runs here: its event has gone to the forwarder.
  await db.pool.query('DELETE FROM outbox');
  return {
    userId: String(body['user_id']),
    as: { authorization: `Bearer ${tokens['access_token']}` },
    refresh: String(tokens['refresh_token']),
  };
}

async function prove(userId: string): Promise<void> {
  await db.pool.query('UPDATE users SET email_verified_at = now() WHERE user_id = $1', [userId]);
}

const users = async () => (await db.pool.query('SELECT user_id FROM users')).rowCount;
const status = async (id: unknown) =>
  (await (await fetch(`${privacy.url}/privacy/erasures/${id}`)).json()) as {
    finished_at: string | null;
    parties: {
      party: string;
      confirmed_at: string | null;
      last_problem: string | null;
      forwarders: {
        confirmed_at: string | null;
        last_problem: string | null;
        forwarders: number | null;
        waiting: number | null;
      } | null;
    }[];
  };
const askErasure = async (as: Record<string, string>) =>
  (await privacy.post('/privacy/erasures', { password: ada.password }, as)).body['request_id'];
const asked = (path: string) => sent.filter(({ url }) => url.endsWith(path));

/** Past the life of every access token and the longest wait between two attempts. */
const LATER_MS = 11 * 60_000;

test('one request erases a person everywhere: services first, then A8 under every name, the account, the forwarders last', async () => {
  const { userId, as } = await signedIn();
  await prove(userId);
  const id = await askErasure(as);
  expect(await privacy.erase()).toBe(0);
  await rig.clock.advance(LATER_MS);
  expect(await privacy.erase()).toBe(6);
  expect(asked(ERASE_PATH).map(({ json }) => json)).toEqual(
    Array.from({ length: 6 }, () => ({ user_id: userId, email: ada.email })),
  );
  expect([await users(), (await status(id)).finished_at]).toEqual([1, null]);
  expect(await privacy.erase()).toBe(1);
  expect(asked('/operations/erasures').map(({ json, bearer }) => [json, bearer])).toEqual([
    [{ actor_id: userId }, 'operations-key-of-the-tests'],
    [{ actor_id: 'provider-7' }, 'operations-key-of-the-tests'],
  ]);
  expect([await users(), (await status(id)).finished_at]).toEqual([0, null]);
  expect(await privacy.erase()).toBe(7);
  expect(asked(FORWARDERS_PATH).map(({ json }) => (json['actors'] as string[]).sort())).toEqual(
    Array.from({ length: 6 }, () => [userId, 'provider-7'].sort()),
  );
  const done = await status(id);
  expect(done.finished_at).not.toBeNull();
  expect(done.parties).toHaveLength(8);
  expect(done.parties.filter(({ confirmed_at }) => confirmed_at === null)).toEqual([]);
  expect(
    done.parties.filter(({ forwarders }) => !forwarders?.confirmed_at).map(({ party }) => party),
  ).toEqual(['auto_com_center']);
  const { rows } = await db.pool.query(
    'SELECT * FROM erasure_requests NATURAL JOIN erasure_confirmations NATURAL LEFT JOIN (SELECT * FROM erasure_forwarders) f',
  );
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${userId}|provider-7|ada`));
  expect(await privacy.erase()).toBe(0);
});

test('a new process goes on where the last one stopped, and asks nobody twice who has confirmed', async () => {
  const { as } = await signedIn();
  const id = await askErasure(as);
  answers = (url) => (url.startsWith('http://a5.example') ? { status: 503, body: {} } : healthy(url));
  await rig.clock.advance(LATER_MS);
  await privacy.erase();
  const waiting = (await status(id)).parties.filter(({ confirmed_at }) => confirmed_at === null);
  expect(waiting).toMatchObject([
    { party: 'auto_com_center', last_problem: null },
    { party: 'scholar_auth', last_problem: null },
    { party: 'student_pilot', last_problem: 'answered_503' },
  ]);
  await privacy.stop();
  privacy = await startPrivacy(rig, { env: URLS, post });
  answers = healthy;
  sent = [];
  await rig.clock.advance(2 * LATER_MS);
  for (let pass = 0; pass < 3; pass += 1) await privacy.erase();
  expect(asked(ERASE_PATH).map(({ url }) => new URL(url).host)).toEqual(['a5.example']);
  expect((await status(id)).finished_at).not.toBeNull();
});

describe('the forwarders', () => {
  const state =
    (of: object): typeof answers =>
    (url) =>
      url === `http://a5.example${FORWARDERS_PATH}`
        ? { status: 200, body: { ...CONFIRMED, ...of } }
        : healthy(url);
  const ofA5 = async (id: unknown) =>
    (await status(id)).parties.find(({ party }) => party === 'student_pilot')?.forwarders;

  async function untilForwarders(): Promise<unknown> {
    const { as } = await signedIn();
    const id = await askErasure(as);
    await rig.clock.advance(LATER_MS);
    for (let pass = 0; pass < 3; pass += 1) await privacy.erase();
    return id;
  }

  test.each<[string, typeof answers, object]>([
    ['forwarder_waiting', state({ forwarders: 2, waiting: 1 }), { forwarders: 2, waiting: 1 }],
    ['forwarder_away', state({ forwarders: 3, waiting: 2, away: 1 }), { forwarders: 3, waiting: 2 }],
    [
      'files_quarantined',
      state({ forwarders: 2, waiting: 2, away: 1, quarantined: 1 }),
      { forwarders: 2, waiting: 2 },
    ],
    // A service of a release back.
    ['forwarder_waiting', state({ waiting: 1, quarantined: undefined }), { forwarders: 1, waiting: 1 }],
    ['events_waiting', state({ events: 4 }), { forwarders: 1, waiting: 0 }],
    [
      'answered_503',
      (url) => (url === `http://a5.example${FORWARDERS_PATH}` ? { status: 503, body: {} } : healthy(url)),
      { forwarders: null, waiting: null },
    ],
    ['nonsense', state({ waiting: 'none' }), { forwarders: null, waiting: null }],
  ])(
    'that have not confirmed (%s) keep the request open, also over a restart, and the account is gone',
    async (problem, answer, told) => {
      answers = answer;
      const id = await untilForwarders();
      expect(await ofA5(id)).toEqual({ confirmed_at: null, last_problem: problem, ...told });
      await privacy.stop();
      privacy = await startPrivacy(rig, { env: URLS, post });
      await rig.clock.advance(LATER_MS);
      await privacy.erase();
      expect([await users(), (await status(id)).finished_at]).toEqual([0, null]);
      answers = healthy;
      sent = [];
      await rig.clock.advance(LATER_MS);
      await privacy.erase();
      expect(sent.map(({ url }) => url)).toEqual([`http://a5.example${FORWARDERS_PATH}`]);
      expect((await status(id)).finished_at).not.toBeNull();
      expect(await ofA5(id)).toMatchObject({ confirmed_at: expect.any(String), last_problem: null });
    },
  );

  test('of A1 itself are waited for like those of the others', async () => {
    await db.pool.query(`INSERT INTO forwarder_places (place, keeps) VALUES ('pod-0', true)`);
    const id = await untilForwarders();
    const own = async () =>
      (await status(id)).parties.find(({ party }) => party === 'scholar_auth')?.forwarders;
    expect(await own()).toMatchObject({ confirmed_at: null, forwarders: 1, waiting: 1 });
    await db.pool.query(
      `INSERT INTO forwarder_confirmations SELECT actor_id, 'pod-0', erased_at FROM erased_actors`,
    );
    await rig.clock.advance(LATER_MS);
    await privacy.erase();
    expect((await status(id)).finished_at).not.toBeNull();
  });

  test('are asked once each by two replicas that work at the same time', async () => {
    const other = await startPrivacy(rig, { env: URLS, post });
    const { as } = await signedIn();
    const id = await askErasure(as);
    await rig.clock.advance(LATER_MS);
    for (let pass = 0; pass < 4; pass += 1) await Promise.all([privacy.erase(), other.erase()]);
    expect((await status(id)).finished_at).not.toBeNull();
    expect(asked(FORWARDERS_PATH)).toHaveLength(6);
    await other.stop();
  });

  test('are unknown of a request that a release back has finished, and still asked of one that it left open', async () => {
    const { as } = await signedIn();
    const left = await askErasure(as);
    await db.pool.query('UPDATE erasure_confirmations SET confirmed_at = now()');
    const finished = randomUUID();
    await db.pool.query(
      `INSERT INTO erasure_requests (request_id, requested_at, finished_at) VALUES ($1, now(), now())`,
      [finished],
    );
    expect((await status(finished)).parties).toEqual([
      { party: 'scholar_auth', confirmed_at: expect.any(String), last_problem: null, forwarders: null },
    ]);
    for (let pass = 0; pass < 2; pass += 1) await privacy.erase();
    expect(asked(FORWARDERS_PATH)).toHaveLength(6);
    expect((await status(left)).finished_at).not.toBeNull();
  });

  test('that a request has waited for longer than a day are a finding, which names nobody', async () => {
    answers = state({ waiting: 1 });
    await untilForwarders();
    expect(privacy.findings()).toEqual([]);
    await rig.clock.advance(25 * 3_600_000);
    await privacy.erase();
    expect(privacy.findings()).toEqual([
      expect.stringMatching(/^who asked to be erased on \S+ waits for: forwarders of student_pilot$/),
    ]);
    answers = healthy;
    await rig.clock.advance(LATER_MS);
    await privacy.erase();
    expect(privacy.findings()).toEqual([]);
  });
});

test.each<[string, typeof answers]>([
  ['nonsense', () => ({ status: 200, body: { ok: true } })],
  ['not_configured', healthy],
])(
  'a party that cannot confirm (%s) keeps the account, and the request says why',
  async (problem, answer) => {
    const { as } = await signedIn();
    const id = await askErasure(as);
    if (problem === 'not_configured') {
      await privacy.stop();
      privacy = await startPrivacy(rig, { env: {}, post });
    }
    answers = answer;
    await rig.clock.advance(LATER_MS);
    await privacy.erase();
    const services = (await status(id)).parties.filter(
      ({ party }) => !['auto_com_center', 'scholar_auth'].includes(party),
    );
    expect(services.map(({ last_problem }) => last_problem)).toEqual(
      Array.from({ length: 6 }, () => problem),
    );
    expect([await users(), asked('/operations/erasures').length]).toEqual([1, 0]);
  },
);

test.each([
  ['A5_URL', { A5_URL: '' }, 'operations-key-of-the-tests'],
  ['A8_OPERATIONS_KEY', {}, undefined],
])(
  'without %s an erasure is refused before anything is changed, and /running says why',
  async (name, env, key) => {
    await privacy.stop();
    privacy = await startPrivacy(rig, { env: { ...URLS, ...env }, post, key });
    const { as, refresh } = await signedIn();
    const refused = await privacy.post('/privacy/erasures', { password: ada.password }, as);
    expect(refused).toMatchObject({ status: 503, body: { code: 'not_configured' } });
    expect(String(refused.body['detail'])).toContain(`${name} is not set, so nobody can be erased`);
    expect(privacy.findings()).toEqual([`${name}: not set, so nobody can be erased`]);
    expect((await db.pool.query('SELECT FROM erasure_requests')).rowCount).toBe(0);
    expect((await rig.post('/refresh', { refresh_token: refresh })).status).toBe(200);
    expect((await rig.post('/login', ada)).status).toBe(200);
  },
);

test('from the request on nobody can sign in, refresh or ask again under another id', async () => {
  const { as, refresh } = await signedIn();
  expect((await privacy.post('/privacy/erasures', { password: ada.password }, as)).status).toBe(202);
  expect((await rig.post('/login', ada)).status).toBe(401);
  expect((await rig.post('/refresh', { refresh_token: refresh })).status).toBe(401);
  expect((await privacy.post('/privacy/erasures', { password: ada.password }, as)).status).toBe(401);
  expect((await db.pool.query('SELECT FROM erasure_requests')).rowCount).toBe(1);
});

test('an address that is not proven goes to nobody', async () => {
  const { userId, as } = await signedIn();
  await privacy.post('/privacy/exports', { password: ada.password }, as);
  await askErasure(as);
  await rig.clock.advance(LATER_MS);
  await privacy.erase();
  expect(sent.length).toBe(18);
  expect(sent.every(({ json }) => JSON.stringify(json) === JSON.stringify({ user_id: userId }))).toBe(true);
});

test('an export holds what every service keeps, and names those that could not be asked', async () => {
  const { userId, as } = await signedIn();
  const whole = (await privacy.post('/privacy/exports', { password: ada.password }, as)).body;
  expect(whole).toMatchObject({
    complete: true,
    missing: [],
    services: {
      scholar_auth: { users: [{ user_id: userId, email: ada.email }] },
      student_pilot: { things: [{ of: 'a5.example' }] },
    },
  });
  expect(JSON.stringify(whole)).not.toMatch(/argon2|sealed|email_hash/);
  answers = (url) => (url.startsWith('http://a7.example') ? { status: 500, body: {} } : healthy(url));
  expect((await privacy.post('/privacy/exports', { password: ada.password }, as)).body).toMatchObject({
    complete: false,
    missing: ['auto_page_maker'],
  });
});

test('a session alone exports and erases nothing: the password is asked for, and wrong ones are counted', async () => {
  const { as } = await signedIn();
  for (const path of ['/privacy/exports', '/privacy/erasures']) {
    expect((await privacy.post(path, {}, as)).status).toBe(422);
    expect((await privacy.post(path, { password: 'wrong' }, as)).status).toBe(401);
    expect((await privacy.post(path, { password: ada.password })).status).toBe(401);
    const service = { authorization: `Bearer ${await rig.serviceToken('student_pilot')}` };
    expect((await privacy.post(path, { password: ada.password }, service)).status).toBe(403);
  }
  for (let n = 0; n < 8; n += 1) await privacy.post('/privacy/exports', { password: 'wrong' }, as);
  expect((await privacy.post('/privacy/exports', { password: ada.password }, as)).status).toBe(429);
  expect(sent).toEqual([]);
});
