import { type Answer, type AuthRig, startAuth } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };
const next = 'another horse battery';
let rig: AuthRig;
let session: Answer;

beforeEach(async () => {
  rig = await startAuth({ MAILBOX: 'true', PUBLIC_URL: 'https://auth.example.org' });
  await rig.post('/signup', ada);
  session = await rig.post('/login', ada);
});
afterEach(() => rig.stop());

const change = (old_password: string, password = next) =>
  rig.post(
    '/password/change',
    { old_password, password },
    { authorization: `Bearer ${session.body['access_token']}` },
  );

describe('POST /password/change', () => {
  test('asks for the old password, ends every session, and is told to the owner by mail', async () => {
    expect((await change(ada.password)).status).toBe(204);
    const refresh = await rig.post('/refresh', { refresh_token: session.body['refresh_token'] });
    expect(refresh.status).toBe(401);
    expect((await rig.post('/login', ada)).status).toBe(401);
    expect((await rig.post('/login', { ...ada, password: next })).status).toBe(200);
    await rig.deliverMails();
    expect(await (await fetch(`${rig.url}/mailbox`)).text()).toContain('Your password was changed');
  });

  test('with a wrong old password changes nothing, and guesses are limited like those of a sign-in', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i += 1) statuses.push((await change('wrong wrong wrong')).status);
    // The sign-in before has emptied the count.
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    await rig.clock.advance(15 * 60_000);
    expect((await rig.post('/login', ada)).status).toBe(200);
  });

  test('of ten changes at once one is made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => change(ada.password, `${next} ${i}`)),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  test('a password grows never too old, and may be one of before', async () => {
    await rig.clock.advance(400 * 24 * 60 * 60_000);
    for (const [from, to] of [
      [ada.password, next],
      [next, ada.password],
      [ada.password, ada.password],
    ] as const) {
      session = await rig.post('/login', { ...ada, password: from });
      expect([session.status, (await change(from, to)).status]).toEqual([200, 204]);
    }
    expect((await rig.post('/login', ada)).status).toBe(200);
  });

  test('a new password that is none is said beside its field', async () => {
    expect(await change(ada.password, 'short')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/password', expected: 'at least 12 characters' }] },
    });
    expect(await change(ada.password, 'Qwerty123456')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/password', expected: expect.stringContaining('leaked') }] },
    });
  });
});
