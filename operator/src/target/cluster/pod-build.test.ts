import type { BuildStamp, Running } from '@scholar/contract';
import { defineSettings, loadSettings, setting } from '@scholar/runtime/config';
import { createRunning } from '@scholar/runtime/running';
import type { V1Container, V1Pod } from '../../kube/objects.ts';
import type { ClusterView } from './gather-cluster.ts';
import type { Workload } from './installed.ts';
import { buildOf, operatorBuild } from './pod-build.ts';

const SHAPE = defineSettings({
  LOG_LEVEL: setting.string({ description: 'd', default: 'info' }),
  DATABASE_POOL: setting.int({ description: 'd', default: 10 }),
  DATABASE_URL: setting.url({ description: 'd', protocols: ['postgresql:'], optional: true }),
  POD_NAME: setting.string({ description: 'd', optional: true }),
});
const BUILD: BuildStamp = { version: '0.1.0', commit: null, committed_at: null, digest: 'abc' };
const ID = { label: 'scholar_auth', role: 'app' } as const;

const container: V1Container = {
  name: 'app',
  image: 'scholar:0.1.0',
  envFrom: [{ configMapRef: { name: 'settings' } }],
  env: [
    { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'db', key: 'url' } } },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ],
};

function running(env: Record<string, string>): Running {
  const settings = loadSettings(SHAPE, env);
  return createRunning({
    label: 'scholar_auth',
    role: 'app',
    environment: 'staging',
    settings,
    build: BUILD,
  })();
}

function pod(name: string, ready = true): V1Pod {
  return {
    metadata: {
      name,
      labels: { app: 'a1' },
      ownerReferences: [{ kind: 'StatefulSet', apiVersion: 'apps/v1', name: 'scholar-auth', uid: 'u' }],
    },
    spec: { containers: [container] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

/** A cluster in which each pod tells what `told` says; the others do not answer. */
function cluster(told: Record<string, Running>, name = 'scholar-auth', configMap = { LOG_LEVEL: 'info' }) {
  const workload: Workload = {
    kind: 'StatefulSet',
    name,
    replicas: 2,
    selector: { matchLabels: { app: 'a1' } },
    template: { spec: { containers: [container] } },
    trouble: undefined,
  };
  const names = ['a', 'b'];
  const asked: string[] = [];
  const view = {
    installed: { namespace: 'n', workloads: [workload], pods: names.map((each) => pod(each)), services: [] },
    sources: {
      secrets: { db: { url: 'postgresql://u:pa55word@db/scholar' } },
      configMaps: { settings: configMap },
    },
    now: () => 0,
    kube: {
      forward: async (to: { pod: () => Promise<string> }) => ({
        port: names.indexOf(await to.pod()),
        close: async () => undefined,
      }),
    },
    ask: async ({ url }: { url: string }) => {
      const who = names[Number(new URL(url).port)] ?? '';
      asked.push(who);
      const answer = told[who];
      if (answer === undefined) throw new Error('refused');
      return { status: 200, body: JSON.stringify(answer), headers: {}, tookMs: 1 };
    },
  } as unknown as ClusterView;
  return { view, asked };
}

/** As the kubelet gives it to a pod of the present template. */
const given = (name: string, more: Record<string, string> = {}) => ({
  LOG_LEVEL: 'info',
  DATABASE_URL: 'postgresql://u:pa55word@db/scholar',
  POD_NAME: name,
  ...more,
});

test('replicas that were started with what their template gives have no difference, though their names are others', async () => {
  const { view, asked } = cluster({ b: running(given('b')) });
  const build = await buildOf(view, ID, running(given('a')));
  expect(build?.replicas).toMatchObject([
    { pod: 'a', speaks: true, build: BUILD, config: { differing: [] } },
    { pod: 'b', speaks: false, build: BUILD, config: { differing: [] } },
  ]);
  // The one that speaks has been asked already.
  expect(asked).toEqual(['b']);
});

test('a replica that runs with an older ConfigMap, or with more than its template gives, is told by the names', async () => {
  const { view } = cluster({ b: running(given('b', { LOG_LEVEL: 'debug', DATABASE_POOL: '5' })) });
  const build = await buildOf(view, ID, running(given('a')));
  expect(build?.replicas.map(({ config }) => config?.differing)).toEqual([
    [],
    ['DATABASE_POOL', 'LOG_LEVEL'],
  ]);
});

test('an address that hides a password is left to the check of secrets', async () => {
  const { view } = cluster({ b: running(given('b', { DATABASE_URL: 'postgresql://u:pa55@db/scholar' })) });
  const build = await buildOf(view, ID, running(given('a')));
  expect(build?.replicas[1]?.config?.differing).toEqual([]);
  expect(JSON.stringify(build)).not.toMatch(/pa55/);
});

test('a replica that does not answer has neither build nor settings to differ by', async () => {
  const { view } = cluster({});
  const build = await buildOf(view, ID, undefined);
  expect(build?.replicas.map(({ build: of, config }) => [of, config])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test("the operator's pods tell their build, too; where there is no operator nothing is told", async () => {
  const { view } = cluster({ a: running({}), b: running({}) }, 'scholar-operator');
  expect((await operatorBuild(view))?.replicas).toMatchObject([{ build: BUILD }, { build: BUILD }]);
  expect(await operatorBuild(cluster({}).view)).toBeUndefined();
});
