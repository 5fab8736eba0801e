import { randomUUID } from 'node:crypto';
import { APP_LABELS, eventHeaders, HUB_LABEL } from '@scholar/contract';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { KEYS, type RunningHub, startHub } from '../../services/auto_com_center/src/testing/start-hub.ts';
import { broken, RULES } from './answer-rules.ts';
import { expected, MATRIX, type Verdict } from './matrix.ts';
import { headersOf, type Who } from './principals.ts';
import { type RawAnswer, rawRequest } from './raw-request.ts';
import { START, type Subject } from './subjects.ts';

const SOME_ID = '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d';
const PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const JSON_BODY = { 'content-type': 'application/json', accept: 'application/json' };

/** What is beside and below of what a server shows, where somebody forgot it. */
const NEVER_SERVED = [
  ...['/.git/config', '/.git/HEAD', '/.svn/entries', '/.env', '/.DS_Store', '/Thumbs.db', '/.npmrc'],
  ...['/package.json', '/package-lock.json', '/README.md', '/Dockerfile', '/src/main.ts', '/dist/main.js'],
  ...[
    '/assets',
    '/assets/',
    '/assets/../package.json',
    '/assets/%2e%2e/package.json',
    '/assets/..%2fpackage.json',
  ],
  ...[
    '/assets/scholar.css.bak',
    '/assets/scholar.css~',
    '/assets/.scholar.css.swp',
    '/assets/scholar.css.map',
  ],
  ...['/migrations/', '/guide/', '/node_modules/', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd'],
  ...[
    '/backup.zip',
    '/backup.tar.gz',
    '/index.php',
    '/server-status',
    '/debug',
    '/metrics',
    '/running',
    '/status',
  ],
];
const NOT_USED = ['OPTIONS', 'TRACE', 'PUT', 'PROPFIND', 'MKCOL'];

const isRefused = ({ status }: RawAnswer) => status === 404 || status === 400;
const concrete = (path: string) => path.replaceAll(/:\w+/g, SOME_ID);
const verdictOf = ({ status, headers }: RawAnswer): Verdict => {
  if (status === 401 || status === 403) return status;
  return headers.location?.startsWith('/login') ? 'sign in' : 'in';
};

test('each of these rules can be broken', () => {
  const nothing: RawAnswer = {
    status: 200,
    headers: { server: 'x', 'access-control-allow-origin': '*' },
    body: 'x',
  };
  const spoilt: RawAnswer = {
    ...nothing,
    headers: {
      ...{ ...nothing.headers, 'content-type': 'application/json', location: '/?token=x' },
      ...{ 'set-cookie': ['a=b'], 'content-security-policy': "script-src 'unsafe-inline' *" },
    },
  };
  expect(broken({ what: '', answer: spoilt, byExpress: true })).toHaveLength(Object.keys(RULES).length - 1);
  expect(broken({ what: '', answer: nothing, byExpress: true }).join()).toContain('14.4.1 says its type');
});

describe.each(APP_LABELS)('%s', (label) => {
  let subject: Subject;
  const ask = (sent: Parameters<typeof rawRequest>[1]) => rawRequest(subject.harness.url, sent);
  const known = (who: Who) => headersOf(who, { minter: subject.minter, inBrowser: false });

  beforeAll(async () => {
    subject = await START[label]();
  });
  afterAll(() => subject.harness.stop());

  /** A route asked as a page, as JSON, by nobody and by each of these. */
  async function answersOf(route: string): Promise<[string, RawAnswer][]> {
    const [method = '', path = ''] = route.split(' ');
    const body = method === 'GET' ? {} : { body: '{}' };
    const who: Who[] = ['anonymous', 'student', 'provider', 'staff', 'scholar_auth', 'operations'];
    const asked = who.flatMap((name) => [PAGE, JSON_BODY].map((form) => ({ name, form })));
    return Promise.all(
      asked.map(async ({ name, form }) => {
        const headers = { ...JSON_BODY, ...form, 'sec-fetch-site': 'same-origin', ...(await known(name)) };
        const answer = await ask({ method, path: concrete(path), headers, ...body });
        return [`${route} by ${name}, ${form.accept}: ${answer.status}`, answer] as [string, RawAnswer];
      }),
    );
  }

  test('every answer of every route keeps to the rules, whoever asks', async () => {
    const faults: string[] = [];
    for (const route of subject.routes)
      for (const [what, answer] of await answersOf(route))
        faults.push(...broken({ what, answer, byExpress: true }));
    const others = [
      await ask({ path: '/nothing/here', headers: PAGE }),
      await ask({ path: '/nothing/here' }),
      await ask({ path: '/%E0%A4%A' }),
      await ask({
        method: 'POST',
        path: '/x',
        headers: { 'content-type': 'application/yaml' },
        body: 'a: 1',
      }),
      await ask({ method: 'OPTIONS', path: '/' }),
    ];
    for (const answer of others)
      faults.push(...broken({ what: `something else: ${answer.status}`, answer, byExpress: true }));
    faults.push(
      ...broken({
        what: 'what is not HTTP',
        answer: await ask({ path: '/', headers: { long: 'x'.repeat(20_000) } }),
        byExpress: false,
      }).filter((fault) => !fault.includes('8.2.1')),
    );
    expect(faults).toEqual([]);
  });

  test('methods that no route takes are refused and counted', async () => {
    for (const method of NOT_USED)
      for (const path of [
        '/',
        '/health',
        ...subject.routes.map((route) => concrete(route.split(' ')[1] ?? '')),
      ]) {
        const answer = await ask({ method, path });
        expect([method, path, answer.status, answer.headers.allow]).toEqual([
          ...[method, path, 405, 'GET, HEAD, POST, PATCH, DELETE'],
        ]);
      }
    const metrics = await (await fetch(`${subject.harness.opsUrl}/metrics`)).text();
    expect(metrics).toMatch(/http_requests_total\{.*method="OPTIONS",route="unmatched",status="405"/);
  });

  test('nothing but what was made to be served is: no folder, no source, no file of the machine, and not what is for the ops port', async () => {
    for (const path of NEVER_SERVED) {
      const answer = await ask({ path });
      expect([path, isRefused(answer)]).toEqual([path, true]);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
  });

  test('a token in an address is nobody, and so is the Origin of our own page', async () => {
    const bearer = (await known('student'))['authorization'] ?? '';
    const query = `access_token=${bearer.slice('Bearer '.length)}&token=${bearer.slice('Bearer '.length)}`;
    for (const [route, rule] of Object.entries(MATRIX[label])) {
      const [method = '', path = ''] = route.split(' ');
      const headers = { ...JSON_BODY, origin: 'https://app.example', referer: 'https://app.example/' };
      const body = method === 'GET' ? {} : { body: '{}' };
      const answer = await ask({ method, path: `${concrete(path)}?${query}`, headers, ...body });
      expect([route, verdictOf(answer)]).toEqual([route, expected(rule, 'anonymous')]);
    }
  });
});

describe(HUB_LABEL, () => {
  let database: TestDatabase;
  let hub: RunningHub;
  const ask = (sent: Parameters<typeof rawRequest>[1]) => rawRequest(hub.url, sent);

  beforeAll(async () => {
    database = await createTestDatabase({
      migrations: new URL('../../services/auto_com_center/migrations/', import.meta.url),
    });
    hub = await startHub({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await hub.stop();
    await database.drop();
  });

  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const PATHS = [
    ...['/', '/health', '/ready', '/events', '/rejected', '/truth-table', '/observations', '/api', '/live'],
    ...[
      '/volume',
      '/refused',
      `/events/${SOME_ID}`,
      '/assets/scholar.css',
      '/events/export',
      '/operations/erasures',
      '/operations/conservation',
      '/ingest',
    ],
  ];

  test('every answer keeps to the rules, whoever asks', async () => {
    const faults: string[] = [];
    for (const path of PATHS)
      for (const key of ['', KEYS.read, KEYS.operations, KEYS.emit])
        for (const method of ['GET', 'POST']) {
          const headers = { ...JSON_BODY, ...(key === '' ? PAGE : bearer(key)) };
          const answer = await ask({ method, path, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
          const byExpress = !(path === '/ingest' || (path === '/events' && method === 'POST'));
          const found = broken({ what: `${method} ${path} ${answer.status}`, answer, byExpress });
          faults.push(...found.filter((fault) => byExpress || !fault.includes('8.2.1')));
        }
    expect(faults).toEqual([]);
  });

  test('a receipt keeps to the rules, too', async () => {
    const headers = eventHeaders({ label: 'scholarship_api', eventId: randomUUID(), key: KEYS.emit });
    const event = {
      ...{ event_type: 'PageView', occurred_at: '2026-11-24T12:00:00Z', actor_id: 'user_1' },
      ...{ source: '/scholarships', payload: { details: 'seen' } },
    };
    const answer = await ask({ method: 'POST', path: '/events', headers, body: JSON.stringify(event) });
    expect(answer.status).toBe(201);
    const faults = broken({ what: 'a receipt', answer, byExpress: false });
    expect(faults.filter((fault) => !fault.includes('8.2.1'))).toEqual([]);
  });

  test('methods that no route takes are refused', async () => {
    for (const method of NOT_USED)
      for (const path of PATHS) {
        const { status } = await ask({ method, path });
        expect([method, path, status]).toEqual([method, path, path === '/ingest' ? 410 : 405]);
      }
  });

  test('nothing but what was made to be served is', async () => {
    for (const path of NEVER_SERVED) expect([path, isRefused(await ask({ path }))]).toEqual([path, true]);
  });

  test('a key in an address is nobody, and so is the Origin of our own page', async () => {
    const headers = { origin: 'https://app.example', accept: 'application/json' };
    const reading = ['/events', '/events/export', '/rejected', '/truth-table', '/observations'];
    for (const path of [...reading, '/operations/erasures', '/operations/conservation'])
      for (const key of [KEYS.read, KEYS.operations])
        expect((await ask({ path: `${path}?key=${key}&access_token=${key}`, headers })).status).toBe(401);
  });
});
