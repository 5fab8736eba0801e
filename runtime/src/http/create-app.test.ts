import { z } from 'zod';
import { createHealth, type Health } from '../health/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { cameByPlainHttp } from './https-only.ts';
import {
  type AppOptions,
  createApp,
  HTTP_METRICS,
  HttpProblem,
  type Listening,
  listen,
  requestIdOf,
  sameOriginOnly,
  validated,
} from './index.ts';

const signup = z.strictObject({ email: z.string(), age: z.int().optional() });

function routes(app: Parameters<AppOptions['routes']>[0]): void {
  app.post('/echo', (request, response) => void response.json(request.body ?? null));
  app.post('/signup', (request, response) => void response.json(validated(signup, request.body)));
  app.post('/webhook', (request, response) => {
    response.json({ raw: Buffer.isBuffer(request.body), bytes: request.body.length });
  });
  app.get(
    '/things/:id',
    (request, response) => void response.json({ id: request.params['id'], request: requestIdOf(response) }),
  );
  app.get('/taken', () => {
    throw new HttpProblem({
      status: 409,
      code: 'email_taken',
      detail: 'Sign in instead.',
      fields: { pointer: '/email' },
    });
  });
  app.get('/broken', async () => {
    throw new Error('password of the database is hush');
  });
  app.post('/form', sameOriginOnly(), (_request, response) => void response.json({ ok: true }));
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

async function start(options: { health?: Health; environment?: string; behindPublicProxy?: boolean } = {}) {
  const lines: Array<Record<string, unknown>> = [];
  const log = createLogger({
    label: 'test',
    role: 'app',
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const metrics = createMetrics(HTTP_METRICS);
  const { health = createHealth(), environment = 'staging', behindPublicProxy = false } = options;
  const app = createApp({
    ...{ service: 'Test', log, health, metrics, environment },
    routes(made) {
      // The address of this machine, from which tests ask, stands for one of the internet.
      if (behindPublicProxy) made.set('trust proxy', false);
      routes(made);
    },
    rawBodyPaths: ['/webhook'],
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  open.push(listening);
  return { url: `http://127.0.0.1:${listening.port}`, lines, metrics };
}

function post(
  body: string | Buffer,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  return { method: 'POST', body, headers };
}

describe('the public port of a service', () => {
  test('answers /health, and /ready with the names of what fails but not why', async () => {
    const health = createHealth();
    health.check('database', () => Promise.reject(new Error('10.0.0.7 refused')));
    const { url } = await start({ health });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ready: false, checks: { database: { ok: false } } });
  });

  test('sends a strict policy and never says what it is made of', async () => {
    const { headers } = await fetch(`${(await start()).url}/health`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('serves the stylesheet of the pages', async () => {
    const response = await fetch(`${(await start()).url}/assets/scholar.css`);
    expect(response.headers.get('content-type')).toContain('text/css');
    expect(await response.text()).toContain('prefers-color-scheme: dark');
  });

  test('keeps a sane inbound request id and replaces an odd one', async () => {
    const { url } = await start();
    const kept = await fetch(`${url}/things/1`, { headers: { 'x-request-id': 'trace-12345' } });
    expect(await kept.json()).toEqual({ id: '1', request: 'trace-12345' });
    const replaced = await fetch(`${url}/things/1`, { headers: { 'x-request-id': 'a b<script>' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('counts under the route template, never under the path', async () => {
    const { url, metrics } = await start();
    await (await fetch(`${url}/things/jane@example.org`)).text();
    await (await fetch(`${url}/nothing/here`)).text();
    const text = await metrics.render();
    expect(text).toContain('http_requests_total{method="GET",route="/things/:id",status="200"} 1');
    expect(text).toContain('http_requests_total{method="GET",route="unmatched",status="404"} 1');
    expect(text).not.toContain('jane');
  });
});

describe('bodies', () => {
  test.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['broken JSON', '{"a":', { 'content-type': 'application/json' }, 400, 'malformed_json'],
    [
      'bytes that are no UTF-8',
      Buffer.from([0x22, 0xff, 0x22]),
      { 'content-type': 'application/json' },
      400,
      'malformed_json',
    ],
    ['a NUL in a text', '{"a":["\\u0000"]}', { 'content-type': 'application/json' }, 400, 'invalid_body'],
    [
      'a NUL in a form',
      'a=%00',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
      'invalid_body',
    ],
    [
      'a megabyte',
      `"${'a'.repeat(1_048_576)}"`,
      { 'content-type': 'application/json' },
      413,
      'body_too_large',
    ],
    ['another type', 'a: 1', { 'content-type': 'application/yaml' }, 415, 'unsupported_media_type'],
    [
      'another charset',
      '{}',
      { 'content-type': 'application/json; charset=utf-7' },
      415,
      'unsupported_media_type',
    ],
    [
      'another encoding',
      '{}',
      { 'content-type': 'application/json', 'content-encoding': 'zip' },
      415,
      'unsupported_media_type',
    ],
  ])('%s is a problem', async (_case, body, headers, status, code) => {
    const { url, lines } = await start();
    const response = await fetch(`${url}/echo`, post(body, headers));
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code, detail: expect.any(String) });
    expect([response.status, lines]).toEqual([status, []]);
  });

  test('JSON, a form and no body at all arrive as what they are', async () => {
    const { url } = await start();
    const echo = async (init: RequestInit) => (await fetch(`${url}/echo`, init)).json();
    expect(await echo(post('{"a":[1]}', { 'content-type': 'application/json; charset=utf-8' }))).toEqual({
      a: [1],
    });
    expect(await echo({ method: 'POST', body: new URLSearchParams({ a: 'b c' }) })).toEqual({ a: 'b c' });
    expect(await echo({ method: 'POST' })).toBeNull();
  });

  test('a raw path gets exactly the bytes, whatever they are called', async () => {
    const { url } = await start();
    for (const type of ['application/json', 'text/odd']) {
      const response = await fetch(`${url}/webhook`, post('{"a": 1}', { 'content-type': type }));
      expect(await response.json()).toEqual({ raw: true, bytes: 8 });
    }
  });

  test('a value that is not as the schema says is a 422 with a pointer', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/signup`, post('{"email":7,"age":1.5}'));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/email' }, { pointer: '/age' }],
    });
  });
});

describe('errors', () => {
  test('a problem of a route is answered as it is, with the request id', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/taken`, { headers: { 'x-request-id': 'trace-12345' } });
    expect(await response.json()).toEqual({
      type: 'urn:scholar:problem:email_taken',
      title: 'Conflict',
      status: 409,
      code: 'email_taken',
      detail: 'Sign in instead.',
      pointer: '/email',
      request_id: 'trace-12345',
    });
  });

  test('what breaks inside is a 500 that tells nothing, and a log line that tells everything', async () => {
    const { url, lines } = await start();
    const response = await fetch(`${url}/broken`, { headers: { 'x-request-id': 'trace-12345' } });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('"code":"internal"');
    expect(text).not.toMatch(/hush|stack/);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        request_id: 'trace-12345',
        err: expect.objectContaining({ stack: expect.any(String) }),
      }),
    ]);
  });

  test('an unknown path is a 404 problem, and a broken escape a 400', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/nope`)).json()).toMatchObject({ status: 404, code: 'not_found' });
    expect(await (await fetch(`${url}/things/%E0%A4%A`)).json()).toMatchObject({
      status: 400,
      code: 'bad_request',
    });
    expect(await (await fetch(`${url}/things/a%00b`)).json()).toMatchObject({
      status: 400,
      code: 'invalid_body',
    });
  });

  test('a browser gets a page, escaped; a program that takes anything gets JSON', async () => {
    const { url } = await start();
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const page = await fetch(`${url}/<script>`, { headers: browser });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await page.text()).not.toContain('<script>');
    const program = await fetch(`${url}/nope`, { headers: { accept: '*/*' } });
    expect(program.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('in production', () => {
  const plain = { 'x-forwarded-proto': 'http' };

  test('who reached the proxy by plain http is led to https, or refused when it carries something', async () => {
    const { url } = await start({ environment: 'production' });
    const led = await fetch(`${url}/things/1?a=b`, { headers: plain, redirect: 'manual' });
    expect([led.status, led.headers.get('location')]).toEqual([
      308,
      `https://${new URL(url).host}/things/1?a=b`,
    ]);
    const refused = await fetch(`${url}/echo`, {
      ...post('{}'),
      headers: { ...plain, 'content-type': 'application/json' },
    });
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'https_required' }),
    ]);
  });

  test('a GET that carries a token by plain http is refused, so that nobody goes on using it', async () => {
    const { url } = await start({ environment: 'production' });
    const headers = { ...plain, authorization: 'Bearer readable' };
    const refused = await fetch(`${url}/things/1`, { headers, redirect: 'manual' });
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'https_required' }),
    ]);
  });

  test('the way to https leads to the host that was asked, whatever another header claims', async () => {
    const { url } = await start({ environment: 'production' });
    const headers = { ...plain, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const led = await fetch(`${url}/things/1`, { headers, redirect: 'manual' });
    expect(led.headers.get('location')).toBe(`https://${new URL(url).host}/things/1`);
  });

  test.each([
    ['https', false],
    ['HTTPS', false],
    ['https, http', false],
    [undefined, false],
    ['', false],
    ['http', true],
    ['HTTP', true],
    ['http, https', true],
    [' http ,http', true],
  ])('x-forwarded-proto %p is plain http: %p, whatever address the proxy has', (given, isPlain) => {
    expect(cameByPlainHttp({ 'x-forwarded-proto': given })).toBe(isPlain);
  });

  test('who came by https, or past every proxy, is served, and so are probes', async () => {
    const { url } = await start({ environment: 'production' });
    for (const [path, headers] of [
      ['/things/1', { 'x-forwarded-proto': 'https' }],
      ['/things/1', { 'x-forwarded-proto': 'https, http' }],
      ['/things/1', {}],
      ['/health', plain],
    ] as const)
      expect((await fetch(`${url}${path}`, { headers, redirect: 'manual' })).status).toBe(200);
  });

  test('who came by https is served where the proxy has a public address, too', async () => {
    const { url } = await start({ environment: 'production', behindPublicProxy: true });
    const headers = { 'x-forwarded-proto': 'https', 'content-type': 'application/json' };
    expect((await fetch(`${url}/things/1`, { headers, redirect: 'manual' })).status).toBe(200);
    expect((await fetch(`${url}/echo`, { ...post('{}'), headers })).status).toBe(200);
  });

  test('elsewhere plain http is served', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/things/1`, { headers: plain })).status).toBe(200);
  });
});

describe('sameOriginOnly', () => {
  test.each<[string, Record<string, string>, number]>([
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour on the same machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['an older browser from elsewhere', { origin: 'https://evil.example' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['a program', {}, 200],
  ])('a form sent by %s is answered as it should', async (_case, headers, status) => {
    const { url } = await start();
    // fetch refuses to set these headers; node:http sends what it is told.
    const { request } = await import('node:http');
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${url}/form`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    expect(answered).toBe(status);
  });

  test('an older browser on our own page passes by its Origin', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/form`, { method: 'POST', headers: { origin: url } })).status).toBe(200);
  });
});
