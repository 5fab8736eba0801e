import { waitFor } from '@scholar/runtime/testing';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { containerStatus, podsOf, untilReady } from '../harness/pods.ts';

/** What people do to a namespace by hand. */
export interface Faults {
  /** Writes a value into a ConfigMap of the release. Pods have it after their next start. */
  setting: (object: string, key: string, value: string) => Promise<void>;
  secret: (name: string, key: string, value: string) => Promise<void>;
  restart: (object: string) => Promise<void>;
  /** Resolves when the app of an object has died a few times. */
  crashes: (object: string) => Promise<void>;
  /** A change of the pod template whose new pod is not scheduled, so that the rollout goes on and on. */
  rolloutThatWaits: (object: string) => Promise<void>;
  newSecret: (name: string, stringData: Record<string, string>) => Promise<void>;
}

export function faultsOf(namespace: string): Faults {
  const merge = (kind: string, name: string, patch: object) =>
    kubectl('patch', '-n', namespace, kind, name, '--type=merge', '-p', JSON.stringify(patch));
  return {
    setting: async (object, key, value) => {
      await merge('configmap', object, { data: { [key]: value } });
    },
    secret: async (name, key, value) => {
      await merge('secret', name, { stringData: { [key]: value } });
    },
    restart: async (object) => {
      await kubectl('rollout', 'restart', '-n', namespace, `statefulset/${object}`);
      await kubectl('rollout', 'status', '-n', namespace, `statefulset/${object}`, '--timeout=300s');
      await untilReady(namespace, object);
    },
    crashes: async (object) => {
      await kubectl('rollout', 'restart', '-n', namespace, `statefulset/${object}`);
      await waitFor(
        async () => {
          const [pod] = await podsOf(namespace, object);
          return pod !== undefined && (containerStatus(pod, 'app')?.restartCount ?? 0) >= 2;
        },
        { timeoutMs: 300_000, intervalMs: 500, what: `${object} crashing` },
      );
    },
    rolloutThatWaits: async (object) => {
      const gates = [{ name: 'scholar.dev/later' }];
      await merge('statefulset', object, { spec: { template: { spec: { schedulingGates: gates } } } });
      await waitFor(
        async () => {
          const [pod] = await podsOf(namespace, object);
          return (pod?.spec?.schedulingGates ?? []).length > 0;
        },
        { timeoutMs: 300_000, intervalMs: 500, what: `a new pod of ${object} that waits` },
      );
    },
    newSecret: (name, stringData) =>
      apply(namespace, [{ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }]),
  };
}
