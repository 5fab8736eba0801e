import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTraceparent, ringEntry } from '@scholar/contract';
import { ask } from '@scholar/operator/gather/http-client';
import { askEvent } from '@scholar/operator/trace/ask-event';
import { judgeEvent } from '@scholar/operator/trace/judge-event';
import {
  createOtlpReceiver,
  createTestDatabase,
  freePort,
  type OtlpReceiver,
  type ReceivedSpan,
  type SpawnedService,
  spawnService,
  type TestDatabase,
  tempDir,
  waitFor,
} from '@scholar/runtime/testing';
import { repositoryRoot } from '../harness/local-system.ts';

/** A7, its forwarder and A8, each a process of its own over a real PostgreSQL, and a collector that they export to. */
const LABEL = 'auto_page_maker';
const [EMIT_KEY, READ_KEY] = ['e'.repeat(43), 'r'.repeat(43)];
const PATIENCE_MS = 90_000;

let collector: OtlpReceiver;
let databases: { app: TestDatabase; hub: TestDatabase };
let urls: Record<'app' | 'appOps' | 'intake' | 'hub', string>;
const running: SpawnedService[] = [];

beforeAll(async () => {
  collector = await createOtlpReceiver();
  databases = { app: await createTestDatabase(), hub: await createTestDatabase() };
  const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
  const [app = 0, appOps = 0, intake = 0, forwarderOps = 0, hub = 0, hubOps = 0] = ports;
  const at = (port: number) => `http://127.0.0.1:${port}`;
  urls = { app: at(app), appOps: at(appOps), intake: at(intake), hub: at(hub) };
  const keys = await keyRing();
  const common = {
    ...{ OPS_HOST: '127.0.0.1', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    CANARY_KEY: randomBytes(32).toString('base64url'),
  };
  start('services/auto_com_center', {
    ...{ ...common, HOST: '127.0.0.1', PORT: `${hub}`, OPS_PORT: `${hubOps}` },
    ...{ DATABASE_URL: databases.hub.url, A8_KEYS_DIR: keys },
  });
  start('sidecar', {
    ...{ ...common, APP_LABEL: LABEL, INTAKE_PORT: `${intake}`, OPS_PORT: `${forwarderOps}` },
    ...{ A8_URL: urls.hub, A8_KEY: EMIT_KEY, OUTBOX_DIR: join(await tempDir('outbox'), 'outbox') },
  });
  start(`services/${LABEL}`, {
    ...{ ...common, HOST: '127.0.0.1', PORT: `${app}`, OPS_PORT: `${appOps}` },
    ...{ DATABASE_URL: databases.app.url, FORWARDER_URL: urls.intake, A1_URL: at(await freePort()) },
    ...{ FORM_MIN_FILL: '1ms', LINK_NOW_TIMEOUT: '1ms', SERVICE_SECRET: 's'.repeat(43) },
  });
  for (const url of [urls.hub, urls.app])
    await waitFor(
      () =>
        fetch(`${url}/ready`)
          .then(({ status }) => status === 200)
          .catch(() => false),
      {
        timeoutMs: PATIENCE_MS,
      },
    );
}, 2 * PATIENCE_MS);

afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await Promise.all([databases.app.drop(), databases.hub.drop(), collector.close()]);
}, PATIENCE_MS);

function start(folder: string, env: Record<string, string>): void {
  running.push(spawnService({ entry: join(repositoryRoot, folder, 'src', 'main.ts'), env }));
}

async function keyRing(): Promise<string> {
  const folder = join(await tempDir('keys'), 'keys');
  await mkdir(folder);
  const entries = {
    emit: ringEntry(EMIT_KEY, { labels: [LABEL], role: 'emit' }),
    read: ringEntry(READ_KEY, { labels: [], role: 'read' }),
  };
  for (const [id, entry] of Object.entries(entries))
    await writeFile(join(folder, `${id}.json`), JSON.stringify(entry));
  return folder;
}

/** Looks at the page and posts its form, as a browser without JavaScript does. */
async function leaveAddress(): Promise<string> {
  const page = await (await fetch(`${urls.app}/`)).text();
  const [form = 'no form'] = /<form[^>]* action="\/leads".*?<\/form>/s.exec(page) ?? [];
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams(
    fields.map(([, name = '', value = '']): [string, string] => [name, value]),
  );
  body.set('email', 'visitor@example.org');
  const posted = await fetch(`${urls.app}/leads`, { method: 'POST', body, redirect: 'manual' });
  expect(posted.status).toBe(303);
  return parseTraceparent(body.get('traceparent') ?? undefined)?.traceId ?? 'no trace';
}

test(
  'from the page to the row it is one trace, each hop below the one before, and `scholar trace` tells it with times',
  async () => {
    const traceId = await leaveAddress();
    const row = await waitFor(
      async () => {
        const found = await databases.hub.pool.query(
          `SELECT event_id, traceparent FROM events WHERE event_type = 'NewLead'`,
        );
        return found.rows[0] as { event_id: string; traceparent: string } | undefined;
      },
      { timeoutMs: PATIENCE_MS, what: 'the row of the lead' },
    );
    const spans = await waitFor(
      () => {
        const mine = collector.spans().filter((span) => span.traceId === traceId);
        return mine.some(({ name }) => name === 'INSERT events') && mine.length >= 8 ? mine : undefined;
      },
      { timeoutMs: PATIENCE_MS, what: 'the spans of the whole way' },
    );
    const way: [process: string, name: string][] = [
      [LABEL, 'GET /'],
      [LABEL, 'POST /leads'],
      [LABEL, 'create outbox'],
      [LABEL, 'send forwarder'],
      [`${LABEL}-forwarder`, 'POST /events'],
      [`${LABEL}-forwarder`, 'send a8'],
      ['auto_com_center', 'POST /events'],
      ['auto_com_center', 'INSERT events'],
    ];
    let parent: ReceivedSpan | undefined;
    for (const [process, name] of way) {
      const span = spans.find((one) => one.process === process && one.name === name);
      expect({ process, name, parent: span?.parentSpanId }).toEqual({
        process,
        name,
        parent: parent?.spanId,
      });
      parent = span;
    }
    const sent = spans.find(({ name }) => name === 'send a8');
    expect(row.traceparent).toBe(`00-${traceId}-${sent?.spanId}-01`);
    expect(JSON.stringify(collector.spans())).not.toContain('visitor');

    const target = {
      ...{
        ask,
        hubUrl: urls.hub,
        apps: [{ label: LABEL, url: urls.app, intake: urls.intake, ops: urls.appOps }] as const,
      },
      secrets: { readKey: READ_KEY, canaryKey: '', stripeWebhookSecret: undefined, emitKeys: {} },
    };
    const traced = await waitFor(
      async () => {
        const told = judgeEvent(await askEvent(target, row.event_id));
        return told.hops.at(-1)?.hop === 'receipt' ? told : undefined;
      },
      { timeoutMs: PATIENCE_MS },
    );
    expect(traced).toMatchObject({ state: 'stored', app: LABEL, trace_id: traceId, unasked: [] });
    expect(traced.hops.map(({ hop }) => hop)).toEqual([
      ...['recorded', 'durable', 'first_attempt', 'received', 'committed', 'receipt'],
    ]);
    // One machine, one clock.
    const steps = traced.hops.map(({ since_previous_ms: step }) => step ?? 0);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(-5);
  },
  4 * PATIENCE_MS,
);
