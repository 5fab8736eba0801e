import { type AuthRig, startAuth, withCanary } from '../testing/auth-rig.ts';

let rig: AuthRig;
let service: Record<string, string>;

beforeEach(async () => {
  rig = await startAuth();
  service = { authorization: `Bearer ${await rig.serviceToken('auto_page_maker')}` };
});
afterEach(() => rig.stop());

const email = 'lead@example.org';
const ask = (headers = service) => rig.post('/internal/users', { email, source: '/leads' }, headers);

describe('POST /internal/users', () => {
  test('makes the account once and answers the same id ever after', async () => {
    const first = await ask();
    expect(first).toMatchObject({ status: 201, body: { created: true } });
    expect(await ask()).toMatchObject({
      status: 200,
      body: { created: false, user_id: first.body['user_id'] },
    });
    expect((await rig.events()).map(({ event }) => [event['event_type'], event['source']])).toEqual([
      ['NewUser', '/internal/users'],
    ]);
  });

  test('twenty calls at once make one account, one event, and all learn its id', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(new Set(answers.map(({ body }) => body['user_id'])).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await rig.events()).toHaveLength(1);
  });

  test('finds the account of somebody who signed up', async () => {
    const signup = await rig.post('/signup', { email, password: 'correct horse battery' });
    expect(await ask()).toMatchObject({ status: 200, body: { user_id: signup.body['user_id'] } });
  });

  test('the account cannot be claimed by whoever types its address', async () => {
    await ask();
    const password = 'correct horse battery';
    expect(await rig.post('/signup', { email, password })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
    expect((await rig.post('/login', { email, password })).status).toBe(401);
  });

  test('is for services: nobody, a user and a lone canary are refused', async () => {
    const ada = { email: 'ada@example.org', password: 'correct horse battery' };
    await rig.post('/signup', ada);
    const user = (await rig.post('/login', ada)).body['access_token'];
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: 'Bearer forged' })).status).toBe(401);
    expect((await ask(withCanary(rig.canary('c1')))).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${user}` })).status).toBe(403);
    await rig.clock.advance(11 * 60_000);
    expect((await ask()).status).toBe(401);
  });

  test('a canary token that a service passes on makes account and event simulated', async () => {
    const body = { email: 'canary+c2@canary.invalid' };
    const answer = await rig.post('/internal/users', body, { ...service, ...withCanary(rig.canary('c2')) });
    expect(answer.status).toBe(201);
    expect((await rig.events())[0]?.event).toHaveProperty('payload.simulated', true);
    expect((await rig.db.pool.query('SELECT simulated FROM users')).rows).toEqual([{ simulated: true }]);
  });
});
