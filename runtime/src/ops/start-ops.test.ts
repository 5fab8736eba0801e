import { connect } from 'node:net';
import { loadSettings } from '../config/index.ts';
import { createHealth } from '../health/index.ts';
import { silentLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createRunning } from '../running/index.ts';
import { type Ops, type OpsOptions, startOps } from './index.ts';

let ops: Ops | undefined;
afterEach(async () => {
  await ops?.close();
  ops = undefined;
});

async function start(options: Partial<OpsOptions> = {}): Promise<string> {
  const settings = loadSettings({}, {});
  ops = await startOps({
    host: '127.0.0.1',
    port: 0,
    health: createHealth(),
    metrics: createMetrics({ starts_total: { type: 'counter', help: 'Starts.' } }),
    running: createRunning({ label: 'scholar_auth', role: 'app', environment: 'staging', settings }),
    log: silentLogger(),
    ...options,
  });
  return `http://127.0.0.1:${ops.port}`;
}

describe('startOps', () => {
  test('answers that it is alive, ready, what it counts and what it runs with', async () => {
    const url = await start({ status: () => ({ state: 'idle' }) });
    const [health, ready, metrics, running, status] = await Promise.all(
      ['health', 'ready', 'metrics', 'running', 'status'].map((path) => fetch(`${url}/${path}`)),
    );
    expect(await health?.json()).toEqual({ status: 'ok' });
    expect(await ready?.json()).toEqual({ ready: true, checks: {} });
    expect(metrics?.headers.get('content-type')).toContain('text/plain');
    expect(await metrics?.text()).toContain('starts_total 0');
    expect(await running?.json()).toMatchObject({ label: 'scholar_auth', protocol: 'v3.5.1' });
    expect(await status?.json()).toEqual({ state: 'idle' });
  });

  test('/ready is 503 and names the failing check with its reason', async () => {
    const health = createHealth();
    health.check('database', () => Promise.reject(new Error('connection refused')));
    const response = await fetch(`${await start({ health })}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      checks: { database: { ok: false, detail: 'connection refused' } },
    });
  });

  test('/ready leaves out the checks that are named as excluded', async () => {
    const health = createHealth();
    health.check('database', () => Promise.reject(new Error('connection refused')));
    health.check('schema', () => true);
    const response = await fetch(`${await start({ health })}/ready?exclude=database`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ready: true, checks: { schema: { ok: true } } });
  });

  test('an unknown path is a problem that lists the known ones; /status is unknown where there is none', async () => {
    const response = await fetch(`${await start()}/status?x=1`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'not_found',
      detail: expect.stringContaining('/running'),
    });
  });

  test('a document that is made for a query gets it; a query that it does not know is 400', async () => {
    const documents = {
      '/sum': (query: URLSearchParams) => (query.has('a') ? { a: query.get('a') } : undefined),
    };
    const url = await start({ documents });
    expect(await (await fetch(`${url}/sum?a=1%3F&b=2`)).json()).toEqual({ a: '1?' });
    const refused = await fetch(`${url}/sum`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'invalid_body' });
  });

  test('only GET and HEAD are taken', async () => {
    const url = await start();
    const post = await fetch(`${url}/health`, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await fetch(`${url}/health`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('a document that cannot be made is a 500 that hides why', async () => {
    const status = () => {
      throw new Error('hush');
    };
    const response = await fetch(`${await start({ status })}/status`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('hush');
  });

  test('a port in use is an error that says what to do', async () => {
    await start();
    await expect(start({ port: ops?.port ?? 0 })).rejects.toThrow(
      `the ops listener cannot listen on 127.0.0.1:${ops?.port}: another process has this port`,
    );
  });

  test('closes although a client holds its connection open', async () => {
    const url = new URL(await start());
    const socket = connect(Number(url.port), url.hostname);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await ops?.close();
    await closed;
  });
});
