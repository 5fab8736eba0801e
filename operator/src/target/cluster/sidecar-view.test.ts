import type { V1Container, V1ContainerStatus, V1Pod, V1PodSpec } from '../../kube/objects.ts';
import { sidecarView } from './sidecar-view.ts';

const APP: V1Container = { name: 'app', image: 'scholar:0.1.0' };
const FORWARDER: V1Container = {
  name: 'forwarder',
  image: 'scholar:0.1.0',
  volumeMounts: [
    { name: 'outbox', mountPath: '/var/lib/scholar/outbox' },
    { name: 'tmp', mountPath: '/tmp' },
  ],
};
/** As the chart `service` renders it. */
const NATIVE: V1PodSpec = {
  initContainers: [{ ...FORWARDER, restartPolicy: 'Always' }],
  containers: [APP],
  volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
};

function status(name: string, startedAt: string, restartCount = 0): V1ContainerStatus {
  const state = { running: { startedAt: new Date(startedAt) } };
  return { name, image: 'i', imageID: 'i', ready: true, restartCount, state };
}

/** As a StatefulSet makes it from that template: its claim is a volume of the pod, not of the template. */
function pod(
  spec: V1PodSpec,
  started: { app?: V1ContainerStatus; forwarder?: V1ContainerStatus } = {},
): V1Pod {
  const claim = { name: 'outbox', persistentVolumeClaim: { claimName: 'outbox-scholar-auth-0' } };
  const { app = status('app', '2026-11-24T11:00:03Z') } = started;
  const { forwarder = status('forwarder', '2026-11-24T11:00:01Z') } = started;
  return {
    metadata: { name: 'scholar-auth-0' },
    spec: { ...spec, volumes: [claim, ...(spec.volumes ?? [])] },
    status: { phase: 'Running', initContainerStatuses: [forwarder], containerStatuses: [app] },
  };
}

const OUTBOX = '/var/lib/scholar/outbox';

function view(template: V1PodSpec, running: V1Pod | undefined, outboxDir: string | undefined = OUTBOX) {
  return sidecarView({ template, pod: running, app: 'app', outboxDir });
}

test('the pod of the chart has a native sidecar on a claim, which began first', () => {
  expect(view(NATIVE, pod(NATIVE))).toEqual({
    template: 'native',
    pod: 'native',
    volume: 'claim',
    lateSeconds: 0,
  });
});

test('without a pod only the template can be told', () => {
  expect(view(NATIVE, undefined)).toEqual({
    template: 'native',
    pod: undefined,
    volume: undefined,
    lateSeconds: null,
  });
});

test('an ordinary container and an init container that ends are no native sidecars', () => {
  const beside: V1PodSpec = { containers: [APP, FORWARDER] };
  const once: V1PodSpec = { initContainers: [FORWARDER], containers: [APP] };
  expect(view(beside, pod(beside))).toMatchObject({ template: 'container', pod: 'container' });
  expect(view(once, pod(once))).toMatchObject({ template: 'absent', pod: 'absent' });
});

test('a pod that was made before its template got the forwarder is told apart from the template', () => {
  expect(view(NATIVE, pod({ containers: [APP] }))).toMatchObject({ template: 'native', pod: 'absent' });
});

test.each([
  ['emptyDir', 'emptyDir', { emptyDir: {} }],
  ['a claim that ends with its pod', 'emptyDir', { ephemeral: { volumeClaimTemplate: { spec: {} } } }],
  ['hostPath', 'other', { hostPath: { path: '/srv' } }],
])('an outbox on %s is told as %s', (_name, kind, volume) => {
  const running = pod(NATIVE);
  running.spec = { ...NATIVE, volumes: [{ name: 'outbox', ...volume }] };
  expect(view(NATIVE, running).volume).toBe(kind);
});

test('an outbox under no mount lies in the layer of its container, and a longer path wins', () => {
  expect(view(NATIVE, pod(NATIVE), '/data/outbox').volume).toBe('container');
  expect(view(NATIVE, pod(NATIVE), '/var/lib/scholar/outbox-2').volume).toBe('container');
  expect(view(NATIVE, pod(NATIVE), '/var/lib/scholar/outbox/deeper').volume).toBe('claim');
  expect(view(NATIVE, pod(NATIVE), '/tmp/outbox').volume).toBe('emptyDir');
});

test('a forwarder that began after its app is late, one that was restarted since is not judged', () => {
  const forwarder = status('forwarder', '2026-11-24T11:00:43Z');
  expect(view(NATIVE, pod(NATIVE, { forwarder })).lateSeconds).toBe(40);
  const again = status('forwarder', '2026-11-24T11:30:00Z', 1);
  expect(view(NATIVE, pod(NATIVE, { forwarder: again })).lateSeconds).toBeNull();
  const app = status('app', '2026-11-24T11:30:00Z', 2);
  expect(view(NATIVE, pod(NATIVE, { app })).lateSeconds).toBeNull();
});
