import { readFile, writeFile } from 'node:fs/promises';
import { FIELD_MANAGER } from '@scholar/operator/crd/names';
import type { KubeApi, KubeObject, Resource } from '@scholar/operator/kube/api-call';
import { createElector } from '@scholar/operator/kube/elector';
import { createEventRecorder } from '@scholar/operator/kube/event-recorder';
import { createInformer, type Informer } from '@scholar/operator/kube/informer';
import { connectApi } from '@scholar/operator/kube/kube-api';
import { loadKubeconfig } from '@scholar/operator/kube/kube-config';
import { leaseRecord } from '@scholar/operator/kube/lease';
import { createApplier } from '@scholar/operator/kube/server-side-apply';
import { systemClock } from '@scholar/runtime/clock';
import { silentLogger } from '@scholar/runtime/log';
import { waitFor } from '@scholar/runtime/testing';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';
import { type CutProxy, cutProxy } from './cut-proxy.ts';

const CONFIG_MAPS: Resource = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
const NAMESPACES: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace' };
const log = silentLogger();
let server: BareApiServer;
let proxy: CutProxy;
let api: KubeApi;
let calls: string[];

beforeAll(async () => {
  server = await bareApiServer();
}, 180_000);

afterAll(() => server?.remove(), 60_000);

beforeEach(async () => {
  proxy = await cutProxy(new URL(server.url));
  const path = `${server.kubeconfig}.proxy`;
  const direct = await readFile(server.kubeconfig, 'utf8');
  await writeFile(path, direct.replaceAll(server.url, `https://127.0.0.1:${proxy.port}`), { mode: 0o600 });
  calls = [];
  api = counted(connectApi(loadKubeconfig({}, { file: path }), systemClock));
});

afterEach(() => proxy.close());

function counted(real: KubeApi): KubeApi {
  return {
    request: (call) => {
      calls.push(call.verb);
      return real.request(call);
    },
    stream: (call) => {
      calls.push(call.query?.['sendInitialEvents'] === true ? 'watch from the start' : call.verb);
      return real.stream(call);
    },
  };
}

const configMap = (name: string, data: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  ...{ data },
});

test('many requests share a few connections', async () => {
  for (let times = 0; times < 30; times += 1) {
    await api.request({ verb: 'get', resource: NAMESPACES, name: 'default' });
  }
  expect(proxy.connections()).toBe(1);
});

describe('the informer on a real watch', () => {
  let informer: Informer<string>;

  beforeEach(async () => {
    await server.ask('delete', 'configmaps', '--all', '-n', 'default');
    informer = createInformer<string>({
      api,
      resource: CONFIG_MAPS,
      namespace: 'default',
      keep: (object) => (object as KubeObject & { data?: { n?: string } }).data?.n ?? '',
      onChange: () => undefined,
      clock: systemClock,
      random: Math.random,
      log,
      idleMs: 3_000,
    });
    informer.start();
    await informer.synced;
  });

  afterEach(() => informer.stop());

  const wholeReads = () => calls.filter((call) => call === 'list' || call === 'watch from the start');
  const write = (n: string) => server.apply(configMap('seen', { n }), '--force-conflicts');
  const sees = (n: string | undefined) =>
    waitFor(() => informer.get('default/seen') === n, { timeoutMs: 60_000, what: `the change to ${n}` });

  test.each(['cut', 'silence'] as const)(
    'after %s it learns what happened meanwhile, without reading everything again',
    async (harm) => {
      await write('1');
      await sees('1');
      await proxy[harm]();
      await write('2');
      await sees('2');
      await server.ask('delete', 'configmap', 'seen', '-n', 'default');
      await sees(undefined);
      expect(wholeReads()).toEqual(['watch from the start']);
    },
    120_000,
  );

  test('an API server that stands still for a while is waited for', async () => {
    await write('1');
    await sees('1');
    server.apiServer.kill('SIGSTOP');
    try {
      await waitFor(() => informer.failures() > 1, { timeoutMs: 60_000 });
    } finally {
      server.apiServer.kill('SIGCONT');
    }
    await write('2');
    await sees('2');
    expect(wholeReads()).toEqual(['watch from the start']);
  }, 180_000);
});

test('we own what we apply, and leave alone what others apply', async () => {
  await server.apply(configMap('shared', { theirs: 'a', disputed: 'theirs' }));
  const applier = createApplier({ api, fieldManager: FIELD_MANAGER });
  await applier.apply(CONFIG_MAPS, configMap('shared', { ours: 'b', disputed: 'ours' }));
  const fields = JSON.parse(
    await server.ask('get', 'configmap', 'shared', '-o', 'json', '--show-managed-fields'),
  );
  expect(fields.data).toEqual({ theirs: 'a', ours: 'b', disputed: 'ours' });
  const mine = fields.metadata.managedFields.filter(
    ({ manager }: { manager: string }) => manager === FIELD_MANAGER,
  );
  expect(mine).toHaveLength(1);
  expect(Object.keys(mine[0].fieldsV1['f:data']).sort()).toEqual(['f:disputed', 'f:ours']);
  await applier.apply(CONFIG_MAPS, configMap('shared', { disputed: 'ours' }));
  const after = JSON.parse(await server.ask('get', 'configmap', 'shared', '-o', 'json'));
  expect(after.data).toEqual({ theirs: 'a', disputed: 'ours' });
});

test('of two electors on a real Lease one leads; when it stops, the other', async () => {
  const lease = leaseRecord(api, { namespace: 'default', name: 'machinery' });
  const timing = { leaseMs: 4_000, deadlineMs: 2_500, renewMs: 500 };
  const make = (identity: string) =>
    createElector({
      lease,
      identity,
      onLead: () => undefined,
      clock: systemClock,
      random: Math.random,
      log,
      timing,
    });
  const [a, b] = [make('a'), make('b')];
  a.start();
  await waitFor(() => a.isLeader(), { timeoutMs: 30_000 });
  b.start();
  await a.stop();
  await waitFor(() => b.isLeader(), { timeoutMs: 30_000 });
  const { spec } = JSON.parse(await server.ask('get', 'lease', 'machinery', '-o', 'json'));
  expect(spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  await b.stop();
});

test('kubectl shows an Event once, with its count', async () => {
  await server.apply(configMap('regarded', {}));
  const { metadata } = JSON.parse(await server.ask('get', 'configmap', 'regarded', '-o', 'json'));
  const { name, namespace, uid } = metadata;
  const recorder = createEventRecorder({
    api,
    controller: 'scholar.dev/operator',
    instance: 'machinery-test',
    clock: systemClock,
    log,
    onDropped: (why) => {
      throw new Error(why);
    },
  });
  const said = { type: 'Warning', reason: 'DegradedRowRed', action: 'Audit', note: 'A6 is red.' } as const;
  const regarding = { resource: CONFIG_MAPS, metadata: { name, namespace, uid } };
  await recorder.record(regarding, said);
  await recorder.record(regarding, said);
  const { items } = JSON.parse(await server.ask('get', 'events.events.k8s.io', '-o', 'json'));
  const ours = items.filter(({ regarding: of }: { regarding: { uid: string } }) => of.uid === uid);
  expect(ours).toHaveLength(1);
  expect(ours[0]).toMatchObject({ ...said, series: { count: 2 } });
  expect(await server.ask('events', '--for', 'configmap/regarded')).toContain('A6 is red.');
});
