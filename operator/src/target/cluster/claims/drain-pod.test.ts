import { drainOf } from './drain-of.ts';
import { drainPod, NotDrainable } from './drain-pod.ts';
import { type ScaledDown, scaledDown } from './testing/scaled-down.ts';

const REMEDY = { kind: 'drain_claim', label: 'scholar_auth', claim: 'outbox-scholar-auth-1' } as const;
const pod = (options: ScaledDown = {}) => drainPod(drainOf(REMEDY, scaledDown(options)));

test('it has the name of the replica, so that the API server lets only one of them exist', () => {
  expect(pod().metadata.name).toBe('scholar-auth-1');
});

test('it has not all labels by which its StatefulSet and its Service know their pods, and the claim instead', () => {
  const { labels } = pod().metadata;
  expect(labels).toMatchObject({
    'app.kubernetes.io/name': 'scholar-auth',
    'app.kubernetes.io/component': 'drain',
    'app.kubernetes.io/part-of': 'scholar',
    'scholar.dev/drains-claim': 'outbox-scholar-auth-1',
  });
});

test('it runs the forwarder as the template has it, on the claim, with nothing else of the app', () => {
  const { spec } = pod();
  const [look, forwarder] = spec.initContainers ?? [];
  expect(look).toMatchObject({
    name: 'look',
    image: 'scholar:1',
    securityContext: { readOnlyRootFilesystem: true },
  });
  expect(look?.args?.slice(0, 5)).toEqual([
    'sidecar/dist/outbox-cli.js',
    ...['list', 'queued', '--dir', '/var/lib/scholar/outbox'],
  ]);
  expect(forwarder).toMatchObject({
    name: 'forwarder',
    restartPolicy: 'Always',
    args: ['sidecar/dist/main.js'],
  });
  expect(spec.containers.map(({ name }) => name)).toEqual(['drain']);
  expect(spec.containers[0]?.args).toContain('/etc/scholar/a8/CONTROL_TOKEN');
  expect(spec.containers[0]?.env).toBeUndefined();
  expect(spec.volumes).toEqual([
    { name: 'outbox', persistentVolumeClaim: { claimName: 'outbox-scholar-auth-1' } },
    { name: 'a8', secret: { secretName: 'scholar-auth-a8' } },
  ]);
  expect(spec).toMatchObject({ securityContext: { fsGroup: 10001 }, nodeSelector: { disk: 'fast' } });
});

test('it ends by itself, and goes with the app without a right over it', () => {
  const { spec, metadata } = pod();
  expect(spec).toMatchObject({ restartPolicy: 'Never', activeDeadlineSeconds: 300 });
  expect(metadata.ownerReferences).toEqual([
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name: 'scholar-auth',
      uid: 'uid-1',
      controller: false,
      blockOwnerDeletion: false,
    },
  ]);
});

test.each<[string, ScaledDown, RegExp]>([
  [
    'a selector that would take the pod for its own',
    { workload: { selector: { matchLabels: { 'app.kubernetes.io/name': 'scholar-auth' } } } },
    /would take the pod for its own/u,
  ],
  ['a forwarder that takes no orders', { forwarder: { envFrom: [] } }, /no file of CONTROL_TOKEN/u],
  ['an outbox on no volume', { forwarder: { volumeMounts: [] } }, /lies on no volume/u],
])('%s is a reason not to begin', (_, options, why) => {
  expect(() => pod(options)).toThrow(NotDrainable);
  expect(() => pod(options)).toThrow(why);
});
