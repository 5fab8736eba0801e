import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConditions } from '@scholar/operator/crd/conditions';
import { statusRow, summarized } from '@scholar/operator/crd/evidence';
import { specSchema, type TruthTableSpec } from '@scholar/operator/crd/spec';
import { repositoryRoot } from '../../harness/local-system.ts';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';

interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: TruthTableSpec;
}

const SAMPLE = join(repositoryRoot, 'k8s', 'samples', 'truthtable.yaml');
let server: BareApiServer;
let sample: Resource;

beforeAll(async () => {
  server = await bareApiServer();
  sample = JSON.parse(await server.ask('create', '--dry-run=client', '-o', 'json', '-f', SAMPLE));
}, 180_000);

afterAll(() => server?.remove(), 60_000);

/** The sample under another name, changed. */
function changed(name: string, change: (spec: TruthTableSpec) => unknown): Resource {
  const copy = { ...structuredClone(sample), metadata: { name } };
  change(copy.spec);
  return copy;
}

const firstApp = ({ apps }: TruthTableSpec) => {
  const [app] = apps;
  if (app === undefined) throw new Error('the sample has no app');
  return app;
};

test('the sample is taken in strict mode, and our own schema takes what comes back', async () => {
  expect(readFileSync(SAMPLE, 'utf8')).toContain('kind: TruthTable');
  await server.apply(sample);
  const stored: Resource = JSON.parse(await server.ask('get', 'tt', sample.metadata.name, '-o', 'json'));
  expect(specSchema.parse(stored.spec)).toEqual(stored.spec);
});

test('what is left out gets its default from the API server', async () => {
  const bare = changed('defaults', (spec) => {
    spec.apps = [
      { label: 'scholar_auth', workload: firstApp(spec).workload, url: firstApp(spec).url } as never,
    ];
    for (const key of ['remedy', 'repair', 'canaryInterval', 'latencyBound', 'guards'])
      Reflect.deleteProperty(spec, key);
  });
  const { spec }: Resource = JSON.parse(
    await server.apply(bare, '--dry-run=server', '-o', 'json').then(onlyItem),
  );
  expect(spec).toMatchObject({ remedy: 'Observe', canaryInterval: '1m', latencyBound: '150ms' });
  expect(spec.guards).toEqual({ every: '5m' });
  expect(spec.apps[0]).toMatchObject({ secrets: [], minimumEventsPerHour: 0 });
});

test.each<[string, (spec: TruthTableSpec) => unknown, RegExp]>([
  ['a label twice', (spec) => spec.apps.push(firstApp(spec)), /duplicate/i],
  [
    'a label that is none of the seven',
    (spec) => Object.assign(firstApp(spec), { label: 'a9' }),
    /Unsupported value: "a9"/,
  ],
  [
    'a canary every second',
    (spec) => Object.assign(spec, { canaryInterval: '1s' }),
    /must be from 15s to 1h/,
  ],
  ['a canary once a day', (spec) => Object.assign(spec, { canaryInterval: '24h' }), /must be from 15s to 1h/],
  ['an interval without a unit', (spec) => Object.assign(spec, { canaryInterval: '60' }), /canaryInterval/],
  ['no bound of latency', (spec) => Object.assign(spec, { latencyBound: '0s' }), /must be from 1ms to 10s/],
  [
    'guards that are tried all the time',
    (spec) => Object.assign(spec, { guards: { every: '10s' } }),
    /must be from 1m to 24h/,
  ],
  ['a password in an address', (spec) => Object.assign(spec.hub, { url: 'http://a:b@hub' }), /spec.hub.url/],
  [
    "an app at the hub's address",
    (spec) => Object.assign(firstApp(spec), { url: spec.hub.url }),
    /hub's url/,
  ],
  [
    'repairs in production that nobody answers for',
    (spec) => Object.assign(spec, { environment: 'production' }),
    /needs repair.approvedBy/,
  ],
  ['an unknown remedy', (spec) => Object.assign(spec, { remedy: 'Hope' }), /Unsupported value: "Hope"/],
  ['no app', (spec) => Object.assign(spec, { apps: [] }), /spec.apps/],
  ['a misspelt field', (spec) => Object.assign(spec, { canaryIntervall: '1m' }), /unknown field/i],
  ['a secret twice', (spec) => firstApp(spec).secrets.push(...firstApp(spec).secrets), /duplicate/i],
])('%s is refused, with a word about it', async (_what, change, complaint) => {
  await expect(server.apply(changed('refused', change), '--dry-run=server')).rejects.toThrow(complaint);
});

test('repairs in production are taken when somebody answers for them', async () => {
  const approved = changed('approved', (spec) =>
    Object.assign(spec, { environment: 'production', repair: { maxPerHour: 2, approvedBy: 'on-call' } }),
  );
  await server.apply(approved, '--dry-run=server');
});

test('an environment cannot be changed under its evidence', async () => {
  await server.apply(changed('moved', () => undefined));
  const moved = changed('moved', (spec) =>
    Object.assign(spec, { environment: 'production', remedy: 'Observe' }),
  );
  await expect(server.apply(moved, '--dry-run=server')).rejects.toThrow(/make another TruthTable/);
});

test('without an operator nobody takes it for ready: conditions are there from the start, as Unknown', async () => {
  await server.apply(changed('alone', () => undefined));
  await expect(server.ask('wait', '--for=condition=Ready', 'tt/alone', '--timeout=1s')).rejects.toThrow(
    /timed out/,
  );
  expect(await server.ask('get', 'tt', 'alone', '-o', 'wide')).toMatch(/READY\s.*\n\s*alone\s.*Pending/u);
});

test('kubectl wait ends with the first green table, and kubectl get tt shows its counts', async () => {
  await server.apply(changed('seen', () => undefined));
  const waiting = server.ask('wait', '--for=condition=Ready', 'tt/seen', '--timeout=60s');
  await server.ask(
    'patch',
    'tt',
    'seen',
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status: greenStatus() }),
  );
  await expect(waiting).resolves.toContain('condition met');
  const [head = '', row = ''] = (await server.ask('get', 'tt', 'seen')).split('\n');
  expect(head.split(/\s+/u)).toEqual(['NAME', 'GREEN', 'RED', 'UNKNOWN', 'P95', 'AGE']);
  expect(row.split(/\s+/u).slice(0, 5)).toEqual(['seen', '1', '0', '1', '38']);
});

function greenStatus() {
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  const after = (ms: number) => new Date(nowMs + ms).toISOString();
  const proven = statusRow(
    {
      app: 'A1',
      label: 'scholar_auth',
      config: { ok: true, missing: [] },
      reachable: { health: true, ready: true, p95_ms: 2.1 },
      event: {
        event_id: '5d6c5f3e-6a3f-4a56-9a43-3c8c1d0c2b11',
        request_id: 'r-1',
        at: new Date(nowMs).toISOString(),
        persisted: true,
        row: true,
        row_at: new Date(nowMs).toISOString(),
        write_ms: 37.2,
        retries: 0,
      },
      hops: {
        ...{ sent_at: at, answered_at: after(12), queued_at: after(14) },
        ...{ received_at: after(29), receipt_at: after(30), read_at: after(33) },
      },
      verdict: 'green',
      reasons: [],
    },
    {
      provenAtMs: nowMs,
      canaryIntervalMs: 60_000,
    },
  );
  const stale = { ...proven, label: 'student_pilot', app: 'A5', expiresAt: '2026-01-01T00:00:00Z' } as const;
  return {
    observedGeneration: 1,
    verifiedAt: at,
    p95WriteMs: 38,
    ...summarized([proven, stale], nowMs),
    conditions: withConditions([], [{ type: 'Ready', reason: 'AllGreen', message: 'seen' }], {
      observedGeneration: 1,
      at,
    }),
  };
}

/** kubectl prints what it got as a list of one. */
function onlyItem(printed: string): string {
  const parsed = JSON.parse(printed);
  return JSON.stringify(parsed.items?.[0] ?? parsed);
}
