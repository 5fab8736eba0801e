import type { V1Pod, V1PodSpec } from '../../kube/objects.ts';
import { type DesiredSource, givenToPod, givenValue } from './desired-view.ts';

const LABELS = { 'app.kubernetes.io/name': 'scholar-auth' };
const ID = { label: 'scholar_auth', role: 'forwarder' } as const;

function spec(secretName: string): V1PodSpec {
  return {
    initContainers: [
      {
        name: 'forwarder',
        restartPolicy: 'Always',
        env: [{ name: 'A8_KEY_FILE', value: '/etc/scholar/a8/A8_KEY' }],
        volumeMounts: [{ name: 'a8', mountPath: '/etc/scholar/a8' }],
      },
    ],
    containers: [{ name: 'app' }],
    volumes: [{ name: 'a8', secret: { secretName, optional: true } }],
  };
}

/** As the API server admits it: with the token of its service account. */
function withToken(made: V1PodSpec): V1PodSpec {
  const sources = [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'kube-root-ca.crt' } }];
  return { ...made, volumes: [...(made.volumes ?? []), { name: 'kube-api-access', projected: { sources } }] };
}

/** A template that names one Secret, and a pod that was made when it named another. */
function source(podSecret: string | undefined): DesiredSource {
  const pod: V1Pod = {
    metadata: {
      name: 'scholar-auth-0',
      labels: LABELS,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'scholar-auth', uid: 'u' }],
    },
    spec: withToken(spec(podSecret ?? '')),
    status: { phase: 'Running' },
  };
  const workload = {
    kind: 'StatefulSet' as const,
    name: 'scholar-auth',
    replicas: 1,
    selector: { matchLabels: LABELS },
    template: { spec: spec('new') },
    trouble: undefined,
  };
  return {
    installed: {
      namespace: 'trial',
      workloads: [workload],
      pods: podSecret === undefined ? [] : [pod],
      services: [],
    },
    sources: {
      configMaps: {},
      secrets: { new: { A8_KEY: 'new key\n' }, old: { A8_KEY: 'old key' }, gone: undefined },
    },
  };
}

test('what the pod that runs is given is read from its own spec, what is wanted from the template', () => {
  expect(givenToPod(source('old'), ID, 'A8_KEY')).toBe('old key');
  expect(givenValue(source('old'), ID, 'A8_KEY')).toBe('new key');
  expect(givenToPod(source('new'), ID, 'A8_KEY')).toBe('new key');
});

test('a pod whose Secret is gone is given nothing, and without a pod nobody can tell', () => {
  expect(givenToPod(source('gone'), ID, 'A8_KEY')).toBeNull();
  expect(givenToPod(source(undefined), ID, 'A8_KEY')).toBeUndefined();
});

test('a pod that names a Secret which may not be read is not taken for one that is given nothing', () => {
  expect(givenToPod(source('hidden'), ID, 'A8_KEY')).toBeUndefined();
});
