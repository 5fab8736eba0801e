import { createServiceTokens, createTokenVerifier } from '@scholar/runtime/auth';
import { systemClock } from '@scholar/runtime/clock';
import { staticSecret } from '@scholar/runtime/config';
import { type AuthRig, basic, registerClient, startAuth } from '../testing/auth-rig.ts';

const grant = { grant_type: 'client_credentials' };
let rig: AuthRig;

beforeEach(async () => {
  rig = await startAuth();
});
afterEach(() => rig.stop());

describe('POST /oauth/token', () => {
  test("gives the runtime's client a token that the runtime's verifier believes", async () => {
    await registerClient(rig.clientsDir, 'auto_page_maker', 'a+b/c=:secret');
    const tokens = createServiceTokens({
      a1Url: rig.url,
      label: 'auto_page_maker',
      secret: staticSecret('a+b/c=:secret'),
      clock: systemClock,
    });
    const verifier = createTokenVerifier({ jwksUrl: `${rig.url}/.well-known/jwks.json`, clock: rig.clock });
    expect(await verifier.verify(await tokens.get())).toEqual({
      subject: 'auto_page_maker',
      kind: 'service',
      roles: ['service'],
      label: 'auto_page_maker',
    });
  });

  test('takes label and secret in the body too', async () => {
    await registerClient(rig.clientsDir, 'student_pilot', 's3cret');
    const body = { ...grant, client_id: 'student_pilot', client_secret: 's3cret' };
    expect(await rig.post('/oauth/token', body)).toMatchObject({ status: 200, body: { expires_in: 600 } });
  });

  test('a secret that was changed on disk counts at once, and the old one no more', async () => {
    await registerClient(rig.clientsDir, 'student_pilot', 'old');
    await registerClient(rig.clientsDir, 'student_pilot', 'new');
    expect((await rig.post('/oauth/token', grant, basic('student_pilot', 'new'))).status).toBe(200);
    expect((await rig.post('/oauth/token', grant, basic('student_pilot', 'old'))).status).toBe(401);
  });

  test.each([
    ['a wrong secret', basic('student_pilot', 'wrong')],
    ['an app without an entry', basic('provider_register', 's3cret')],
    ['a label that is none of the seven', basic('../student_pilot', 's3cret')],
    ['no credentials', {}],
    ['a bearer token', { authorization: 'Bearer x' }],
  ])('%s is refused', async (_what, headers) => {
    await registerClient(rig.clientsDir, 'student_pilot', 's3cret');
    const answer = await rig.post('/oauth/token', grant, headers);
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_client' } });
  });

  test('another grant is refused', async () => {
    const answer = await rig.post('/oauth/token', { grant_type: 'password' }, basic('student_pilot', 'x'));
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
  });

  test('without SERVICE_CLIENTS_DIR it says so', async () => {
    const bare = await startAuth({ SERVICE_CLIENTS_DIR: '' }, { db: rig.db });
    const answer = await bare.post('/oauth/token', grant, basic('student_pilot', 'x'));
    expect(answer).toMatchObject({ status: 503, body: { code: 'not_configured' } });
    await bare.stop();
  });
});
