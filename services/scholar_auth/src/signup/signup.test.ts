import { canaryEventId } from '@scholar/contract';
import { createEmailVault } from '../email/email-vault.ts';
import { type AuthRig, CANARY_KEY, startAuth, withCanary } from '../testing/auth-rig.ts';

const password = 'correct horse battery';
const emailKey = 'email-hash-key-of-the-tests-0123456789';
let rig: AuthRig;

beforeEach(async () => {
  rig = await startAuth();
});
afterEach(() => rig.stop());

describe('POST /signup', () => {
  test('makes the account and its NewUser, which carries a hash and no address', async () => {
    const answer = await rig.post('/signup', { email: ' Ada@Example.org', password, role: 'provider' });
    expect(answer.status).toBe(201);
    const userId = answer.body['user_id'];
    const [recorded] = await rig.events();
    expect(recorded?.event).toMatchObject({
      event_type: 'NewUser',
      actor_id: userId,
      source: '/signup',
      payload: { email_hash: createEmailVault(emailKey).hash('ada@example.org') },
    });
    expect(recorded?.event).not.toHaveProperty('payload.simulated');
    expect(JSON.stringify(await rig.events())).not.toMatch(/ada|example/i);
  });

  test('the database holds neither address nor password, and the key opens the sealed address', async () => {
    await rig.post('/signup', { email: 'ada@example.org', password });
    const { rows } = await rig.db.pool.query('SELECT *, u::text AS everything FROM users u');
    expect(rows[0].everything).not.toMatch(/ada@|correct horse/);
    expect(createEmailVault(emailKey).open(rows[0].email_sealed, rows[0].user_id)).toBe('ada@example.org');
    expect(rows[0]).toMatchObject({ roles: ['student'], simulated: false });
  });

  test('twenty signups of one address at once make one account and one event', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rig.post('/signup', { email: 'ada@example.org', password })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(await rig.events()).toHaveLength(1);
  });

  test('a taken address answers email_taken, in whatever spelling it comes', async () => {
    await rig.post('/signup', { email: 'ada@example.org', password });
    const answer = await rig.post('/signup', { email: 'ADA@EXAMPLE.ORG', password });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  test('says for each field what is expected', async () => {
    const answer = await rig.post('/signup', { email: 'not an address', password: 'short', role: 'staff' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    expect(answer.body['errors']).toEqual([
      { pointer: '/email', expected: expect.stringContaining('e-mail address') },
      { pointer: '/password', expected: 'at least 12 characters' },
      { pointer: '/role', expected: 'student or provider' },
    ]);
  });

  test('a password has twelve to a hundred and twenty-eight characters, of any kind', async () => {
    const statusOf = async (password: string, n: number) =>
      (await rig.post('/signup', { email: `n${n}@example.org`, password })).status;
    const taken = [
      'aé'.repeat(6),
      '字'.repeat(64),
      ' x'.repeat(64),
      '🦉'.repeat(12),
      '🦉'.repeat(128),
      "a b'c<d>&%\\é",
    ];
    const refused = ['ä'.repeat(11), 'ä'.repeat(129), '🦉'.repeat(11), `a${' '.repeat(20)}b`];
    expect(await Promise.all(taken.map(statusOf))).toEqual(taken.map(() => 201));
    expect(await Promise.all(refused.map((password, i) => statusOf(password, 100 + i)))).toEqual(
      refused.map(() => 422),
    );
  });

  test('a password that is known from leaks is refused beside its field, and says what to do', async () => {
    for (const password of ['qwerty123456', 'Password1234']) {
      const answer = await rig.post('/signup', { email: 'ada@example.org', password });
      expect(answer).toMatchObject({
        status: 422,
        body: {
          errors: [{ pointer: '/password', expected: expect.stringMatching(/leaked.*put together/) }],
        },
      });
    }
    expect(await rig.events()).toEqual([]);
  });

  test('an address is one receiver and nothing else: no line break, no second address, no name around it', async () => {
    const addresses = [
      ...['ada@example.org\r\nBcc: eve@example.org', 'ada@example.org\n', 'ada@example.org,eve@example.org'],
      ...[
        'ada@example.org eve@example.org',
        'Ada <ada@example.org>',
        '"ada\r\n"@example.org',
        'ada@example.org%0a',
      ],
    ];
    for (const email of addresses.filter((email) => email.trim() !== 'ada@example.org'))
      expect([email, (await rig.post('/signup', { email, password })).status]).toEqual([email, 422]);
    // What stands around it is not part of it.
    await rig.post('/signup', { email: ' ada@example.org\r\n', password });
    const { rows } = await rig.db.pool.query('SELECT user_id, email_sealed FROM users');
    expect(rows.map((row) => createEmailVault(emailKey).open(row.email_sealed, row.user_id))).toEqual([
      'ada@example.org',
    ]);
  });

  test('no body, a list and a number are answered, not failed', async () => {
    for (const body of [null, [], 7]) expect((await rig.post('/signup', body)).status).toBeLessThan(500);
  });

  test('without EMAIL_HASH_KEY it says so, and works as soon as there is one', async () => {
    rig.setEmailHashKey(undefined);
    const refused = await rig.post('/signup', { email: 'ada@example.org', password });
    expect(refused).toMatchObject({ status: 503, body: { code: 'not_configured' } });
    expect(refused.body['detail']).toContain('EMAIL_HASH_KEY');
    rig.setEmailHashKey(emailKey);
    expect((await rig.post('/signup', { email: 'ada@example.org', password })).status).toBe(201);
  });
});

describe('a canary signup', () => {
  test('is simulated and has the event id that the prober knows', async () => {
    const body = { email: 'canary+c1@canary.invalid', password };
    expect((await rig.post('/signup', body, withCanary(rig.canary('c1')))).status).toBe(201);
    const eventId = canaryEventId({
      key: CANARY_KEY,
      canaryId: 'c1',
      label: 'scholar_auth',
      eventType: 'NewUser',
    });
    const [recorded] = await rig.events();
    expect(recorded).toMatchObject({ event_id: eventId, event: { payload: { simulated: true } } });
  });

  test("a canary's address without a valid token makes no account", async () => {
    const token = rig.canary('c1');
    await rig.clock.advance(120_000);
    const body = { email: 'canary+c1@canary.invalid', password };
    for (const headers of [{}, withCanary(token), withCanary('forged')]) {
      const answer = await rig.post('/signup', body, headers);
      expect(answer).toMatchObject({ status: 422, body: { code: 'canary_token_required' } });
    }
    expect(await rig.events()).toEqual([]);
  });

  test('a body cannot mark itself as simulated', async () => {
    await rig.post('/signup', { email: 'ada@example.org', password, simulated: true });
    expect((await rig.events())[0]?.event).not.toHaveProperty('payload.simulated');
  });
});
