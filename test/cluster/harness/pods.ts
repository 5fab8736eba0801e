import type { AppLabel, HUB_LABEL } from '@scholar/contract';
import { connectKube, type Kube } from '@scholar/operator/kube-client';
import { waitFor } from '@scholar/runtime/testing';

export type Pod = Awaited<ReturnType<Kube['pods']>>[number];

/** Objects are named by what they are, whatever the release is called. */
export function objectName(label: AppLabel | typeof HUB_LABEL): string {
  return label.replaceAll('_', '-');
}

const kubes = new Map<string, Kube>();

/** One client for each namespace, since each keeps connections of its own. */
export function kubeOf(namespace: string): Kube {
  const kube = kubes.get(namespace) ?? connectKube(process.env, { namespace });
  kubes.set(namespace, kube);
  return kube;
}

/** Pods of an object that are not on their way out. */
export async function podsOf(namespace: string, object: string): Promise<Pod[]> {
  const pods = await kubeOf(namespace).pods();
  return pods.filter((pod) => isOf(pod, object) && pod.metadata?.deletionTimestamp === undefined);
}

function isOf({ metadata }: Pod, object: string): boolean {
  return metadata?.labels?.['app.kubernetes.io/name'] === object;
}

/** Name of a ready pod of an object. @throws Error when none is ready now. */
export async function readyPod(namespace: string, object: string): Promise<string> {
  const name = (await podsOf(namespace, object)).find(isReady)?.metadata?.name;
  if (name === undefined) throw new Error(`no pod of ${object} is ready`);
  return name;
}

/** Resolves when exactly so many pods of an object are there, and all are ready. */
export async function untilReady(namespace: string, object: string, count = 1): Promise<void> {
  await waitFor(
    async () => {
      const pods = await podsOf(namespace, object);
      return pods.length === count && pods.every(isReady);
    },
    { timeoutMs: 300_000, intervalMs: 500, what: `${count} ready pods of ${object}` },
  );
}

/** Resolves when no pod of an object is left, not even one that still serves while it leaves. */
export async function untilGone(namespace: string, object: string): Promise<void> {
  const left = async () => (await kubeOf(namespace).pods()).filter((pod) => isOf(pod, object));
  await waitFor(async () => (await left()).length === 0, {
    timeoutMs: 300_000,
    intervalMs: 500,
    what: `no pod of ${object}`,
  });
}

export function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** A container's state in a pod; the forwarder is a native sidecar, so init containers are looked at too. */
export function containerStatus({ status }: Pod, container: string) {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name }) => name === container);
}
