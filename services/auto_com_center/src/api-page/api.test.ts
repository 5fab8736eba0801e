import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MORE_PROBLEM_CODES, openapiDocument, PROBLEM_CODES } from '@scholar/contract';
import { createTestDatabase, type TestDatabase, waitFor } from '@scholar/runtime/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { exchange, read, report, sendEvent } from '../testing/send.ts';
import { KEYS, type RunningHub, startHub } from '../testing/start-hub.ts';
import { operationsOf, schemasOf } from './document.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const SOURCE = join(import.meta.dirname, '..');
const operations = operationsOf(openapiDocument());

/** Pages and assets for people, and what every process of ours has. */
const NOT_OF_THE_API = new Set([
  '/',
  '/live',
  '/volume',
  '/refused',
  '/refused/:id',
  '/session',
  '/session/end',
]);

/** Every route that a file of A8 declares, as `METHOD /path/{name}`. */
function declaredRoutes(): string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return sources.flatMap((name) => {
    const text = readFileSync(join(SOURCE, name), 'utf8');
    const found = text.matchAll(/\bapp\.(get|post|put|patch|delete)\(\s*'([^']+)'/gu);
    return [...found].flatMap(([, method = '', path = '']) =>
      NOT_OF_THE_API.has(path) ? [] : [`${method.toUpperCase()} ${path.replace(/:(\w+)/gu, '{$1}')}`],
    );
  });
}

test('the document has every route that the source declares, and no other', () => {
  // These are not declared by a literal: the hot path goes past Express, and this page names its own.
  const besides = ['POST /events', 'POST /ingest', 'GET /api', 'GET /openapi.json'];
  const documented = operations.map(({ method, path }) => `${method} ${path}`);
  const declared = declaredRoutes();
  expect(declared.length).toBeGreaterThan(15);
  expect(documented.sort()).toEqual([...new Set([...declared, ...besides])].sort());
});

describe('against a running A8', () => {
  let database: TestDatabase;
  let hub: RunningHub;
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: MIGRATIONS });
    hub = await startHub({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await hub.stop();
    await database.drop();
  });

  const ask = (path: string, headers = {}) => exchange(`${hub.url}${path}`, { method: 'GET', headers });

  test('the page is served without a key, names every route, problem and document, and asks nothing of another host', async () => {
    const { status, headers, body } = await ask('/api', { accept: 'text/html' });
    const page = String(body['text']);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    for (const { method, path } of operations) expect(page).toContain(`<code>${method} ${path}</code>`);
    for (const code of [...PROBLEM_CODES, ...MORE_PROBLEM_CODES])
      expect(page).toContain(`id="problem-${code}"`);
    for (const { name } of schemasOf(openapiDocument())) expect(page).toContain(`id="schema-${name}"`);
    for (const [, target = ''] of page.matchAll(/href="#([^"]+)"/gu))
      expect(page).toContain(`id="${target}"`);
    expect(page).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//u);
    expect(page).not.toMatch(/<script|\sstyle=|\son\w+=/u);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/u);
  });

  test('the document that is served is the generated one', async () => {
    const generated = readFileSync(join(SOURCE, '..', '..', '..', 'contract', 'openapi.json'), 'utf8');
    expect((await ask('/openapi.json')).body).toEqual(JSON.parse(generated));
  });

  test('each route asks for the key that the document names: none of its own is 401, one of another role 403', async () => {
    for (const { method, path, role } of operations.filter(({ tag }) => tag !== 'events')) {
      const url = `${hub.url}${path.replace('{id}', '1')}`;
      const told = (key?: string) =>
        exchange(url, { method, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
      if (role === undefined) expect((await told()).status).toBe(200);
      else expect([path, (await told()).status, (await told(KEYS.emit)).status]).toEqual([path, 401, 403]);
    }
  });

  test('every parameter of every list is known: a good value passes, a wrong one is 422 and is named', async () => {
    const wrong: Record<string, string> = {
      ...{
        app: 'nobody',
        type: 'Nothing',
        code: 'nothing',
        simulated: 'perhaps',
        since: 'yesterday',
        order: 'up',
      },
      ...{
        cursor: 'x',
        limit: '0',
        from: 'x',
        to: 'x',
        minute: 'x',
        after: 'x',
        within: '2y',
        format: 'xml',
      },
      ...{ forwarder: '', target: '' },
    };
    const lists = operations.filter(
      ({ method, tag, path }) => method === 'GET' && tag !== 'about' && !path.includes('{'),
    );
    const good: Record<string, string> = {
      ...{ forwarder: 'x', minute: '2026-11-29T00:00:00Z' },
      ...{ from: '2026-11-29T00:00:00Z', to: '2026-11-29T01:00:00Z' },
    };
    let tried = 0;
    for (const { path, parameters, role } of lists) {
      const key = role === 'operations' ? KEYS.operations : KEYS.read;
      for (const { name } of parameters.filter(({ where }) => where === 'query')) {
        const others = parameters.filter((other) => other.required && other.name !== name);
        const query = new URLSearchParams(
          others.map((other): [string, string] => [other.name, good[other.name] ?? '']),
        );
        query.set(name, wrong[name] ?? '');
        const answer = await ask(`${path}?${query}`, { authorization: `Bearer ${key}` });
        expect([path, name, answer.status, answer.body['detail']]).toEqual([
          path,
          name,
          422,
          expect.stringContaining(name),
        ]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(30);
  });

  test('what A8 answers is what its document says, a filter of each kind and the next page included', async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(openapiDocument(), 'api');
    const expectAnswer = (name: string, body: unknown) => {
      const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
      expect([name, validate(body), validate.errors]).toEqual([name, true, null]);
    };
    const { eventId } = await sendEvent(hub.url);
    await sendEvent(hub.url);
    const refused = await sendEvent(hub.url, { eventId, event: { event_type: 'PageView' } });
    expectAnswer('Problem', refused.answer.body);
    await waitFor(
      async () => ((await read(hub.url, '/rejected')).body['rejected'] as unknown[]).length === 1,
    );
    await waitFor(async () => ((await read(hub.url, '/events')).body['events'] as unknown[]).length === 2);
    const first = (await read(hub.url, '/events?limit=1&app=scholarship_api&type=PageView&order=desc')).body;
    expectAnswer('EventPage', first);
    const next = (await read(hub.url, `/events?order=desc&cursor=${String(first['next_cursor'])}`)).body;
    expectAnswer('EventPage', next);
    expect((next['events'] as { event_id: string }[]).map(({ event_id }) => event_id)).toEqual([eventId]);
    expectAnswer('RejectedPage', (await read(hub.url, '/rejected?limit=1')).body);
    expectAnswer('StoredEvent', (await read(hub.url, `/events/${eventId}`)).body);
    expectAnswer('ShownTruthTable', (await read(hub.url, '/truth-table')).body);
    expectAnswer('Observations', (await read(hub.url, '/observations')).body);
    for (const path of ['/events?limit=0', '/rejected/export?format=xml', '/events/nobody'])
      expectAnswer('Problem', (await read(hub.url, path)).body);
    const order = { actor_id: 'user_1' };
    expectAnswer('ErasurePreview', (await report(hub.url, '/operations/erasures/preview', order)).body);
    const erasure = (await report(hub.url, '/operations/erasures', order)).body;
    expectAnswer('Erasure', erasure);
    const asked = { authorization: `Bearer ${KEYS.operations}` };
    expectAnswer('ErasurePage', (await ask('/operations/erasures?limit=1', asked)).body);
    expectAnswer('Erasure', (await ask(`/operations/erasures/${String(erasure['erasure_id'])}`, asked)).body);
    const heartbeat = { at: new Date().toISOString(), target: 'local', period_s: 60, version: '1' };
    expectAnswer('Stored', (await report(hub.url, '/operations/heartbeats', heartbeat)).body);
    const day = 'from=2026-11-29T00:00:00Z&to=2026-11-29T01:00:00Z';
    expectAnswer('HubConservation', (await ask(`/operations/conservation?forwarder=x&${day}`, asked)).body);
    expectAnswer('HubForwarders', (await ask(`/operations/conservation/forwarders?${day}`, asked)).body);
  });
});
