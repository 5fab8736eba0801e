import { join } from 'node:path';
import { connectApi } from '@scholar/operator/kube/kube-api';
import { loadKubeconfig } from '@scholar/operator/kube/kube-config';
import { connectKube } from '@scholar/operator/kube-client';
import { tryDrain } from '@scholar/operator/target/cluster/claims/drain-claim';
import { drainOf } from '@scholar/operator/target/cluster/claims/drain-of';
import { drainPod } from '@scholar/operator/target/cluster/claims/drain-pod';
import { readInstalled } from '@scholar/operator/target/cluster/installed';
import { readSources } from '@scholar/operator/target/cluster/read-sources';
import { systemClock } from '@scholar/runtime/clock';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../../harness/local-system.ts';
import { helm } from '../harness/helm.ts';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';

const NAMESPACE = 'trial';
const CHART = join(repositoryRoot, 'charts', 'service');
const REMEDY = { kind: 'drain_claim', label: 'scholar_auth', claim: 'outbox-scholar-auth-1' } as const;

let server: BareApiServer;

beforeAll(async () => {
  server = await bareApiServer();
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
  await server.apply([...(await objectsOfChart()), hub()]);
}, 180_000);

afterAll(() => server?.remove(), 60_000);

async function objectsOfChart(): Promise<{ kind: string; metadata: object }[]> {
  const values = join(CHART, 'ci', 'default-values.yaml');
  const set = ['--set', 'label=scholar_auth,replicas=1'];
  const manifest = await helm(
    4,
    'template',
    'scholar',
    CHART,
    '--namespace',
    NAMESPACE,
    '-f',
    values,
    ...set,
  );
  const objects = parseAllDocuments(manifest).map((document) => document.toJS());
  return objects.filter((object) => ['StatefulSet', 'ConfigMap'].includes(object?.kind));
}

/** Without A8 nothing counts as installed. */
function hub(): object {
  const labels = { app: 'auto-com-center' };
  const spec = { containers: [{ name: 'app', image: 'scholar' }] };
  const template = { metadata: { labels }, spec };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'auto-com-center', namespace: NAMESPACE },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  };
}

test('the pod that drains a claim of the charts is taken by an API server that admits restricted pods only, and its StatefulSet and Service do not select it', async () => {
  const env = { KUBECONFIG: server.kubeconfig };
  const access = { file: server.kubeconfig, namespace: NAMESPACE };
  const kube = connectKube(env, access);
  const api = connectApi(loadKubeconfig(env, access), systemClock);
  const installed = await readInstalled(kube);
  const of = drainOf(REMEDY, { installed, sources: await readSources(kube, installed) });
  await tryDrain({ kube, api, clock: systemClock, readRows: async () => [] }, of);

  const { metadata, spec } = drainPod(of);
  expect(spec.initContainers?.map(({ name }) => name)).toEqual(['look', 'forwarder']);
  const [forwarder] = installed.workloads.flatMap(({ template }) => template.spec?.initContainers ?? []);
  expect(spec.initContainers?.[1]).toEqual(forwarder);
  expect(metadata.ownerReferences?.[0]?.uid).toBe(of.workload.uid);
  const selector = Object.entries(of.workload.selector.matchLabels ?? {});
  expect(selector.every(([key, value]) => metadata.labels?.[key] === value)).toBe(false);
}, 60_000);
