import type { SidecarKind, SidecarView } from '../../audit/snapshot.ts';
import type { V1Pod, V1PodSpec, V1Volume } from '../../kube/objects.ts';
import { FORWARDER } from './names.ts';
import { containerStatus } from './pod-choice.ts';

export interface SidecarSource {
  /** Of the workload's template. */
  template: V1PodSpec;
  /** The pod that speaks for the app. */
  pod: V1Pod | undefined;
  /** Name of the app's own container. */
  app: string;
  /** OUTBOX_DIR as the forwarder is given it. */
  outboxDir: string | undefined;
}

/** Pure: where the forwarder stands beside its app, from the pod that runs. */
export function sidecarView({ template, pod, app, outboxDir }: SidecarSource): SidecarView {
  const spec = pod?.spec;
  return {
    template: kindOf(template),
    pod: spec === undefined ? undefined : kindOf(spec),
    volume: spec === undefined || outboxDir === undefined ? undefined : volumeOf(spec, outboxDir),
    lateSeconds: pod === undefined ? null : lateSeconds(pod, app),
  };
}

/** A native sidecar is an init container that keeps running (Kubernetes 1.29 and later). */
function kindOf({ containers, initContainers = [] }: V1PodSpec): SidecarKind {
  if (initContainers.some(({ name, restartPolicy }) => name === FORWARDER && restartPolicy === 'Always'))
    return 'native';
  return containers.some(({ name }) => name === FORWARDER) ? 'container' : 'absent';
}

function volumeOf(spec: V1PodSpec, dir: string): SidecarView['volume'] {
  const name = outboxVolume(spec, dir);
  return name === undefined ? 'container' : kindOfVolume(spec.volumes?.find((each) => each.name === name));
}

/** Pure: the name of the volume under the forwarder's OUTBOX_DIR; undefined = it lies in the container itself. */
export function outboxVolume(spec: V1PodSpec, dir: string): string | undefined {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const mounts = all.find(({ name }) => name === FORWARDER)?.volumeMounts ?? [];
  const holding = mounts.filter(({ mountPath }) => `${dir}/`.startsWith(`${mountPath.replace(/\/$/u, '')}/`));
  return holding.sort((a, b) => b.mountPath.length - a.mountPath.length)[0]?.name;
}

function kindOfVolume(volume: V1Volume | undefined): SidecarView['volume'] {
  if (volume?.persistentVolumeClaim !== undefined) return 'claim';
  // A generic ephemeral volume is a claim that is deleted with its pod.
  if (volume?.emptyDir !== undefined || volume?.ephemeral !== undefined) return 'emptyDir';
  return 'other';
}

/** Only of first starts: a forwarder that was restarted alone began later without having been late. */
function lateSeconds(pod: V1Pod, app: string): number | null {
  const [own, beside] = [containerStatus(pod, app), containerStatus(pod, FORWARDER)];
  const [began, begun] = [own?.state?.running?.startedAt, beside?.state?.running?.startedAt];
  if (began === undefined || begun === undefined) return null;
  if (own?.restartCount !== 0 || beside?.restartCount !== 0) return null;
  return Math.max(0, (begun.getTime() - began.getTime()) / 1_000);
}
