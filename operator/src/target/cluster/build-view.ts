import type { Running } from '@scholar/contract';
import type { BuildView, ConfigView } from '../../audit/snapshot.ts';
import type { V1Pod } from '../../kube/objects.ts';
import type { Workload } from './installed.ts';
import { containerStatus, isLeaving, nameOf } from './pod-choice.ts';

/** The charts write it into every pod template, so that changed settings make new pods. */
const SETTINGS_CHECKSUM = 'checksum/settings';

export interface BuildSource {
  workload: Workload;
  pods: readonly ToldPod[];
  container: string;
  moving: boolean;
}

/** A pod, and what its process tells; undefined = it did not answer. */
export interface ToldPod {
  pod: V1Pod;
  running: Running | undefined;
  config: ConfigView | undefined;
  speaks: boolean;
}

/** Pure: the wanted image and settings of a container, and what its pods were made from. */
export function buildView({ workload, pods, container, moving }: BuildSource): BuildView {
  const { spec, metadata } = workload.template;
  const image = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(
    ({ name }) => name === container,
  )?.image;
  return {
    version: versionOf(image),
    image,
    settings: metadata?.annotations?.[SETTINGS_CHECKSUM],
    moving,
    replicas: pods
      .filter(({ pod }) => !isLeaving(pod))
      .map(({ pod, running, config, speaks }) => ({
        pod: nameOf(pod),
        speaks,
        madeAt: pod.metadata?.creationTimestamp?.toISOString(),
        image: imageOf(pod, container),
        imageId: containerStatus(pod, container)?.imageID ?? '',
        settings: pod.metadata?.annotations?.[SETTINGS_CHECKSUM],
        configHash: running?.config_hash,
        build: running?.build,
        config,
      })),
  };
}

/** Of the pod's own spec: what a container's status names may be another name of the same image. */
function imageOf({ spec }: V1Pod, container: string): string {
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return all.find(({ name }) => name === container)?.image ?? '';
}

/** A tag such as 0.1.0 or v0.1.0 says which release it is; `latest`, a branch or a digest does not. */
function versionOf(image: string | undefined): string | undefined {
  return /:v?(\d+\.\d+\.\d+)$/u.exec(image ?? '')?.[1];
}
