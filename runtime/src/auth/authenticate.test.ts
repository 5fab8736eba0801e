import { mintCanary } from '@scholar/contract';
import { FakeClock } from '../clock/index.ts';
import { createHealth } from '../health/index.ts';
import { createApp, HTTP_METRICS, type Listening, listen } from '../http/index.ts';
import { silentLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import {
  authenticated,
  clearSessionCookie,
  type Principal,
  principalOf,
  requireRole,
  setSessionCookie,
  TokenInvalid,
  VerifierUnavailable,
} from './index.ts';

const clock = new FakeClock();
const CANARY_KEY = 'canary-key-for-tests';
const PRINCIPALS: Record<string, Principal> = {
  student: { subject: 'u-1', kind: 'user', roles: ['student'] },
  provider: { subject: 'u-2', kind: 'user', roles: ['provider'] },
};
const verifier = {
  async verify(token: string): Promise<Principal> {
    const principal = PRINCIPALS[token];
    if (principal) return principal;
    if (token === 'unchecked') throw new VerifierUnavailable('no keys', { retryAfterMs: 2_500 });
    throw new TokenInvalid('The token has expired.');
  },
};

let listening: Listening;
let url: string;
beforeAll(async () => {
  const app = createApp({
    service: 'Test',
    log: silentLogger(),
    health: createHealth(),
    metrics: createMetrics(HTTP_METRICS),
    routes(routes) {
      routes.use(authenticated({ verifier, canaryKey: CANARY_KEY, clock }));
      routes.get('/whoami', (_request, response) => void response.json(principalOf(response) ?? null));
      routes.get('/providers', requireRole('provider'), (_request, response) => void response.json('in'));
      routes.get(
        '/probe',
        requireRole('student', 'canary'),
        (_request, response) => void response.json('in'),
      );
      routes.post('/login', (_request, response) => {
        setSessionCookie(response, 'student', { maxAgeS: 600 });
        response.json(null);
      });
      routes.post('/logout', (_request, response) => {
        clearSessionCookie(response);
        response.json(null);
      });
    },
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${listening.port}`;
});
afterAll(() => listening.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
const canary = (notAfterMs: number) => ({
  'x-scholar-canary': mintCanary(CANARY_KEY, { canaryId: 'c1', notAfterMs }),
});

describe('authenticated', () => {
  test.each<[string, () => Record<string, string>, string | null]>([
    ['a bearer token', () => ({ authorization: 'Bearer student' }), 'u-1'],
    ['a session cookie among others', () => ({ cookie: 'a=b; scholar_session=student; c=d' }), 'u-1'],
    ['a valid canary', () => canary(clock.now() + 1_000), 'canary'],
    ['nothing', () => ({}), null],
    ['an expired canary', () => canary(clock.now() - 1), null],
    ['a forged canary', () => ({ 'x-scholar-canary': `c1.${clock.now() + 1_000}.${'A'.repeat(43)}` }), null],
    ['an expired session', () => ({ cookie: 'scholar_session=old' }), null],
    ['a session that cannot be checked now', () => ({ cookie: 'scholar_session=unchecked' }), null],
    [
      'a bearer token beside a canary',
      () => ({ ...canary(clock.now() + 1_000), authorization: 'Bearer student' }),
      'u-1',
    ],
  ])('%s says who it is', async (_case, headers, subject) => {
    const principal = (await (await get('/whoami', headers())).json()) as Principal | null;
    expect(principal?.subject ?? null).toBe(subject);
  });

  test('a bearer token that proves nothing is a 401 that says why', async () => {
    for (const authorization of ['Bearer old', 'Basic abc', 'Bearer']) {
      const response = await get('/whoami', { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="scholar", error="invalid_/);
      expect(await response.json()).toMatchObject({ code: 'unauthorized' });
    }
  });

  test('a bearer token that cannot be checked now is a 503 with Retry-After', async () => {
    const response = await get('/whoami', { authorization: 'Bearer unchecked' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3']);
  });
});

describe('requireRole', () => {
  test('lets the role in, asks nobody to sign in, refuses everybody else', async () => {
    expect((await get('/providers', { authorization: 'Bearer provider' })).status).toBe(200);
    const nobody = await get('/providers');
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="scholar"']);
    const other = await get('/providers', { authorization: 'Bearer student' });
    expect([other.status, other.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer realm="scholar", error="insufficient_scope", scope="provider"',
    ]);
  });

  test('a canary passes only where canaries are named', async () => {
    expect((await get('/probe', canary(clock.now() + 1_000))).status).toBe(200);
    expect((await get('/providers', canary(clock.now() + 1_000))).status).toBe(403);
  });
});

describe('the session cookie', () => {
  test('cannot be read by scripts or sent by forms of other sites, and ends with a sign-out', async () => {
    const login = await fetch(`${url}/login`, { method: 'POST' });
    expect(login.headers.get('set-cookie')).toMatch(
      /^scholar_session=student; Max-Age=600; .*HttpOnly; SameSite=Lax/,
    );
    const logout = await fetch(`${url}/logout`, { method: 'POST' });
    expect(logout.headers.get('set-cookie')).toContain('Expires=Thu, 01 Jan 1970');
  });

  test('over https belongs to the host alone: it is set, read and ended with the prefix, and one without counts for nothing', async () => {
    const https = { 'x-forwarded-proto': 'https' };
    for (const path of ['/login', '/logout']) {
      const { headers } = await fetch(`${url}${path}`, { method: 'POST', headers: https });
      expect(headers.get('set-cookie')).toMatch(/^__Host-scholar_session=.*Path=\/;.*; Secure/);
      expect(headers.get('set-cookie')).not.toContain('Domain');
    }
    const who = async (cookie: string) => (await get('/whoami', { ...https, cookie })).json();
    expect(await who('__Host-scholar_session=student')).toMatchObject({ subject: 'u-1' });
    expect(await who('scholar_session=student')).toBeNull();
  });
});
