import { KubeError } from '../../kube/kube-error.ts';
import type { V1Pod, V1PodSpec } from '../../kube/objects.ts';
import type { Installed } from './installed.ts';
import { readSources } from './read-sources.ts';

const LABELS = { 'app.kubernetes.io/name': 'scholar-auth' };

function spec(secretName: string, configMap: string): V1PodSpec {
  return {
    containers: [{ name: 'app', envFrom: [{ configMapRef: { name: configMap } }] }],
    volumes: [{ name: 'a8', secret: { secretName, optional: true } }],
  };
}

/** A template, and a pod that was made from an older one, with the token that Kubernetes adds. */
function installed(older: string): Installed {
  const made = spec(older, 'settings');
  const token = [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'kube-root-ca.crt' } }];
  const pod: V1Pod = {
    metadata: {
      name: 'scholar-auth-0',
      labels: LABELS,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'scholar-auth', uid: 'u' }],
    },
    spec: { ...made, volumes: [...(made.volumes ?? []), { name: 'token', projected: { sources: token } }] },
  };
  const workload = {
    kind: 'StatefulSet' as const,
    name: 'scholar-auth',
    replicas: 1,
    selector: { matchLabels: LABELS },
    template: { spec: spec('new', 'settings') },
    trouble: undefined,
  };
  return { namespace: 'trial', workloads: [workload], pods: [pod], services: [] };
}

/** A namespace in which some objects may not be read, and those of `held` are there. */
function cluster(forbidden: readonly string[], held: readonly string[]) {
  const read = async (name: string) => {
    if (forbidden.includes(name)) throw new KubeError(`may not get ${name}`, 403, undefined);
    return held.includes(name) ? { of: name } : undefined;
  };
  return { secret: read, configMap: read };
}

test('what templates and pods name is read once each; what is not there is told as such', async () => {
  const kube = cluster([], ['new', 'settings']);
  expect(await readSources(kube, installed('old'), ['further'])).toEqual({
    secrets: { new: { of: 'new' }, old: undefined, further: undefined, 'scholar-operator': undefined },
    configMaps: { settings: { of: 'settings' } },
  });
});

test('a Secret that only an older pod names may be out of reach: then it is left out, not called missing', async () => {
  const { secrets } = await readSources(cluster(['old'], ['new']), installed('old'));
  expect('old' in secrets).toBe(false);
  expect(secrets['new']).toEqual({ of: 'new' });
});

test('a Secret of the template that may not be read ends the look', async () => {
  await expect(readSources(cluster(['new'], []), installed('new'))).rejects.toThrow('may not get new');
});
