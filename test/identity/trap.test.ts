import { randomUUID } from 'node:crypto';
import { APP_LABELS, type AppLabel } from '@scholar/contract';
import { createHttpStub, type HttpStub } from '@scholar/runtime/testing';
import { service as agent } from '../../services/scholarship_agent/src/service.ts';
import { headersOf, type Who } from './principals.ts';
import { rawRequest } from './raw-request.ts';
import { startWithRoutes } from './routes-of.ts';
import { START, type Subject } from './subjects.ts';

/** What each service stores or looks at that may hold an address, as it is sent when all is well. */
const GOOD: Partial<Record<AppLabel, readonly [who: Who, path: string, body: (trap: string) => object]>> = {
  scholarship_api: [
    ...(['provider', '/scholarships'] as const),
    (url) => ({ title: 'The trap', description: `Look at ${url}.`, amount_cents: 1_000, url }),
  ],
  scholarship_sage: ['scholar_auth', '/answers', (url) => ({ question: `What does ${url}/x say?` })],
  provider_register: [
    ...(['anonymous', '/providers'] as const),
    (website) => ({ name: 'The trap', email: `${randomUUID()}@example.org`, website }),
  ],
  auto_page_maker: [
    ...(['anonymous', '/leads'] as const),
    (url) => ({ email: `${randomUUID()}@example.org`, name: url }),
  ],
};

describe.each(APP_LABELS)('%s', (label) => {
  let subject: Subject;
  let trap: HttpStub;

  beforeAll(async () => {
    [subject, trap] = await Promise.all([START[label](), createHttpStub(() => ({ status: 200, body: {} }))]);
  });
  afterAll(async () => {
    await subject.harness.stop();
    await trap.close();
  });

  /** Headers by which some servers are made to ask elsewhere, or to name another host. */
  const luring = () => {
    const host = new URL(trap.url).host;
    return {
      ...{ origin: trap.url, referer: `${trap.url}/`, 'x-forwarded-host': host, forwarded: `host=${host}` },
      ...{ 'x-original-url': trap.url, 'x-rewrite-url': trap.url, 'x-callback-url': trap.url },
    };
  };

  test('asks no address that comes with a request, in whatever field or header', async () => {
    const fields = [
      ...[
        'url',
        'website',
        'next',
        'back',
        'to',
        'page',
        'source',
        'redirect',
        'callback',
        'webhook',
        'image',
        'q',
      ],
      ...[
        'question',
        'name',
        'title',
        'description',
        'success_url',
        'cancel_url',
        'href',
        'logo',
        'feed',
        'jku',
      ],
    ];
    const lure = Object.fromEntries(fields.map((name) => [name, `${trap.url}/${name}`]));
    type Sent = { method: string; path: string; body?: object; lures?: Record<string, string> };
    const send = async (who: Who, { method, path, body, lures = luring() }: Sent) => {
      const headers = {
        ...(await headersOf(who, { minter: subject.minter, inBrowser: false })),
        ...{ 'content-type': 'application/json', accept: 'application/json', ...lures },
      };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      return rawRequest(subject.harness.url, { method, path, headers, ...text });
    };
    for (const route of subject.routes) {
      const [method = '', path = ''] = route.split(' ');
      const query = method === 'GET' ? `?${new URLSearchParams(lure)}` : '';
      const at = `${path.replaceAll(/:\w+/g, encodeURIComponent(trap.url))}${query}`;
      const body = method === 'GET' ? {} : { body: lure };
      for (const who of ['anonymous', 'student', 'provider', 'scholar_auth'] as const)
        await send(who, { method, path: at, ...body });
    }
    const good = GOOD[label];
    if (good !== undefined) {
      const [who, path, body] = good;
      // A page of another site is refused what a program is not.
      const { origin: _, ...lures } = luring();
      const answer = await send(who, { method: 'POST', path, body: body(trap.url), lures });
      const taken = answer.status >= 200 && answer.status < 300;
      expect([answer.status, taken ? '' : answer.body]).toEqual([answer.status, '']);
    }
    // What one of them had begun has arrived by now, at the latest with the events that it caused.
    await subject.harness.events();
    expect(trap.requests).toEqual([]);
  });

  test('an address that it names as its own is never one that a header names', async () => {
    for (const route of subject.routes.filter((name) => name.startsWith('GET '))) {
      const path = (route.split(' ')[1] ?? '').replaceAll(/:\w+/g, randomUUID());
      const headers = { accept: 'text/html', ...luring() };
      const answer = await rawRequest(subject.harness.url, { path, headers });
      const host = new URL(trap.url).host;
      expect([route, answer.body.includes(host), String(answer.headers.location).includes(host)]).toEqual([
        ...[route, false, false],
      ]);
    }
  });
});

test('the way to https, in production, leads to the host that was asked and to none that a header names', async () => {
  const { harness } = await startWithRoutes(agent, {
    env: { CATALOGUE_REFRESH: '1h', ENVIRONMENT: 'production' },
  });
  try {
    const headers = {
      ...{ accept: 'text/html', 'x-forwarded-proto': 'http' },
      ...{ 'x-forwarded-host': 'trap.example', forwarded: 'host=trap.example;proto=https' },
    };
    const led = await rawRequest(harness.url, { path: '/matches?a=b', headers });
    expect([led.status, led.headers.location]).toEqual([308, 'https://app.example/matches?a=b']);
  } finally {
    await harness.stop();
  }
});
