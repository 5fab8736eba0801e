import type { V1ContainerStatus, V1Pod } from '../../kube/objects.ts';

/**
 * Pure: the pod that speaks for its app, the same one as long as nothing changes: ready before running, then by name. An
 * app and its forwarder must be asked in one pod, because an event waits in the forwarder of the pod that emitted it.
 */
export function chosenPod(pods: readonly V1Pod[]): V1Pod | undefined {
  const reachable = pods.filter((pod) => !isLeaving(pod) && pod.status?.phase === 'Running');
  return [...reachable].sort(
    (a, b) => Number(isReady(b)) - Number(isReady(a)) || nameOf(a).localeCompare(nameOf(b)),
  )[0];
}

export function nameOf(pod: V1Pod): string {
  return pod.metadata?.name ?? '';
}

export function isReady(pod: V1Pod): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

export function isLeaving(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined;
}

/** A native sidecar is an init container that keeps running. */
export function containerStatus(pod: V1Pod, container: string): V1ContainerStatus | undefined {
  const all = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return all.find(({ name }) => name === container);
}

export function hasContainer({ spec }: V1Pod, container: string): boolean {
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(
    ({ name }) => name === container,
  );
}
