import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createHttpStub,
  freePort,
  type HttpStub,
  type StubAnswer,
  type StubRequest,
} from '@scholar/runtime/testing';
import { CouldNotLook } from '../../../could-not-look.ts';
import { examineCluster } from '../../../doctor/examine-cluster.ts';
import { writeFakeKubeconfig } from '../../../kube/testing/fake-kubeconfig.ts';
import { gatherFacts } from './gather-facts.ts';

interface Attributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  name?: string;
}

type Answers = Record<string, object | StubAnswer>;

const LIST = { metadata: { resourceVersion: '1' }, items: [] };

/** A cluster with the Prometheus operator, and a namespace without scholar. */
const CLUSTER: Answers = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.4' },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      { name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] },
      {
        name: 'monitoring.coreos.com',
        versions: [{ groupVersion: 'monitoring.coreos.com/v1', version: 'v1' }],
      },
    ],
  },
  '/apis/monitoring.coreos.com/v1': {
    kind: 'APIResourceList',
    resources: [
      { name: 'podmonitors', kind: 'PodMonitor', namespaced: true, verbs: ['list'] },
      { name: 'podmonitors/status', kind: 'PodMonitor', namespaced: true, verbs: ['get'] },
    ],
  },
  '/api/v1/nodes': {
    ...LIST,
    items: [{ metadata: { name: 'node-1' }, status: { nodeInfo: { kubeletVersion: 'v1.32.4' } } }],
  },
  '/api/v1/namespaces/trial': { metadata: { name: 'trial', labels: { team: 'grants' } } },
  '/api/v1/namespaces/trial/pods': {
    ...LIST,
    items: [
      {
        metadata: { name: 'other-0' },
        spec: {
          containers: [],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-other-0' } }],
        },
      },
    ],
  },
  '/api/v1/namespaces/trial/services': LIST,
  '/apis/apps/v1/namespaces/trial/statefulsets': LIST,
  '/apis/apps/v1/namespaces/trial/deployments': LIST,
  '/api/v1/namespaces/trial/persistentvolumeclaims': {
    ...LIST,
    items: [{ metadata: { name: 'data-other-0' }, status: { phase: 'Pending' } }],
  },
  '/apis/monitoring.coreos.com/v1/namespaces/trial/podmonitors': {
    ...LIST,
    items: [{ metadata: { name: 'scholar-auth', labels: { release: 'stack' } } }],
  },
  '/apis/monitoring.coreos.com/v1/prometheuses': {
    ...LIST,
    items: [
      {
        metadata: { name: 'p', namespace: 'monitoring' },
        spec: { podMonitorNamespaceSelector: {}, podMonitorSelector: { matchLabels: { release: 'stack' } } },
      },
    ],
  },
};

let folder: string;
let stub: HttpStub;
let answers: Answers;
let allowed: (asked: Attributes) => boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scholar-doctor-'));
  answers = { ...CLUSTER };
  allowed = () => true;
  stub = await createHttpStub(answer);
  await writeFakeKubeconfig(join(folder, 'config'), stub.url, 'trial');
});

afterEach(async () => {
  await stub.close();
  await rm(folder, { recursive: true, force: true });
});

function answer({ path, method, body }: StubRequest): StubAnswer {
  const [at = ''] = path.split('?');
  if (method === 'POST' && at === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
    const { resourceAttributes } = JSON.parse(body).spec;
    return {
      status: 201,
      body: { kind: 'SelfSubjectAccessReview', status: { allowed: allowed(resourceAttributes) } },
    };
  }
  const known = answers[at];
  if (known === undefined) return refusal(404, 'NotFound');
  return 'status' in known && typeof known.status === 'number'
    ? (known as StubAnswer)
    : { status: 200, body: known };
}

function refusal(code: number, reason: string): StubAnswer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code } };
}

async function examined(values: unknown[] = []) {
  const facts = await gatherFacts({}, { file: join(folder, 'config') }, values);
  return Object.fromEntries(examineCluster(facts).map(({ name, ...line }) => [name, line]));
}

test('a namespace without scholar is examined as far as it goes, and the rest says why it is unknown', async () => {
  const lines = await examined();
  expect(lines).toMatchObject({
    Kubernetes: { state: 'ok', detail: 'v1.32.4' },
    nodes: { state: 'ok' },
    'kind PodMonitor': { state: 'ok', detail: 'monitoring.coreos.com: v1' },
    'kind TruthTable': { state: 'ok', detail: expect.stringContaining('not there') },
    'rights: fix': { state: 'ok' },
    'clock of the API server': { state: 'ok' },
    'clock of A8': { state: 'unknown', detail: expect.stringContaining('Nothing of scholar is installed') },
    outboxes: { state: 'unknown' },
    volumes: { state: 'fail', detail: 'data-other-0 Pending' },
    'Stripe key of scholarship_api': { state: 'unknown' },
    'monitor labels': { state: 'ok' },
  });
  expect(
    stub.requests.filter(({ method }) => method === 'POST').every(({ path }) => path.includes('reviews')),
  ).toBe(true);
});

test('a kind that the values ask for and the cluster does not serve fails', async () => {
  const lines = await examined([
    { secrets: { sealed: true } },
    { metrics: { podMonitor: { enabled: true } } },
  ]);
  expect(lines['kind SealedSecret']).toMatchObject({ state: 'fail' });
  expect(lines['kind PodMonitor']).toMatchObject({ state: 'ok' });
});

test('rights bound to names are enough where names are all that is touched', async () => {
  // Pods are named by their StatefulSets, with a number, so that right cannot be bound to names.
  allowed = ({ verb, name, resource }) =>
    ['list', 'create'].includes(verb) || name !== undefined || (verb === 'delete' && resource === 'pods');
  const lines = await examined();
  expect(lines['rights: fix']).toMatchObject({ state: 'ok' });
  expect(lines['rights: audit, verify, events, tail, rejected, trace']).toMatchObject({
    state: 'fail',
    detail: 'missing: get pods/portforward',
  });
});

test('one object of several that may not be written is named; nobody asks without end', async () => {
  allowed = ({ verb, resource, name }) =>
    !(
      verb === 'patch' &&
      resource === 'configmaps' &&
      (name === undefined || name === 'scholar-auth-repair')
    );
  const lines = await examined();
  expect(lines['rights: fix']).toMatchObject({
    state: 'warn',
    detail: 'missing: patch configmaps scholar-auth-repair',
  });
  allowed = () => false;
  const before = stub.requests.length;
  await examined();
  expect(stub.requests.length - before).toBeLessThan(200);
});

test('what may not be read is unknown, with the right that would tell', async () => {
  const forbidden = refusal(403, 'Forbidden');
  answers['/api/v1/nodes'] = forbidden;
  answers['/apis/monitoring.coreos.com/v1/prometheuses'] = forbidden;
  answers['/api/v1/namespaces/trial/persistentvolumeclaims'] = forbidden;
  answers['/apis/apps/v1/namespaces/trial/deployments'] = forbidden;
  const lines = await examined();
  expect(lines).toMatchObject({
    nodes: { state: 'unknown', detail: expect.stringContaining('list nodes') },
    volumes: { state: 'unknown', detail: expect.stringContaining('list persistentvolumeclaims') },
    'monitor labels': { state: 'unknown', detail: expect.stringContaining('list prometheuses') },
    'clock of A8': { state: 'unknown', detail: expect.stringContaining('list deployments') },
  });
});

test('an API server whose clock is wrong is seen by its Date', async () => {
  const date = new Date(Date.now() - 60_000).toUTCString();
  answers['/version'] = { status: 200, headers: { date }, body: CLUSTER['/version'] };
  expect((await examined())['clock of the API server']).toMatchObject({ state: 'fail' });
});

test('an object of a shape that nobody knows leaves its line unknown and the others as they are', async () => {
  answers['/api/v1/nodes'] = { ...LIST, items: [{ metadata: { name: 'node-1' }, status: {} }] };
  expect(await examined()).toMatchObject({ nodes: { state: 'unknown' }, Kubernetes: { state: 'ok' } });
});

test('a cluster that does not answer is no verdict at all', async () => {
  await writeFakeKubeconfig(join(folder, 'config'), `http://127.0.0.1:${await freePort()}`, 'trial');
  await expect(examined()).rejects.toThrow(CouldNotLook);
});
