import { CouldNotLook } from '../../could-not-look.ts';
import type { Kube } from '../../kube/kube-client.ts';
import type { V1LabelSelector, V1Pod, V1PodTemplateSpec, V1Service } from '../../kube/objects.ts';
import { HUB } from './names.ts';
import type { Rolling } from './repair/rollout.ts';

/** A StatefulSet or a Deployment, as far as the operator cares which. */
export interface Workload {
  kind: 'StatefulSet' | 'Deployment';
  name: string;
  replicas: number;
  selector: V1LabelSelector;
  template: V1PodTemplateSpec;
  annotations?: Record<string, string>;
  uid?: string;
  /** Counts the changes of its spec, a scaling too. */
  generation?: number;
  /** Names of the volumes that each pod of a StatefulSet has as a claim of its own. */
  claimTemplates?: readonly string[];
  /** What its controller says is wrong, such as pods that the admission refused. */
  trouble: string | undefined;
  /** True where its controller exchanges no pod by itself: a paused Deployment, a StatefulSet with OnDelete. */
  held?: boolean;
  /** How far its controller is with exchanging pods; undefined where nobody asked. */
  status?: WorkloadStatus;
}

export type WorkloadStatus = Omit<Rolling['status'], 'conditions'> & {
  conditions?: { type: string; status: string; reason?: string; message?: string; lastUpdateTime?: Date }[];
};

/** Everything of one namespace at one moment. */
export interface Installed {
  namespace: string;
  workloads: Workload[];
  pods: V1Pod[];
  services: V1Service[];
}

/** @throws CouldNotLook when a right is missing, the cluster does not answer or nothing of scholar is installed. */
export async function readInstalled(kube: Kube): Promise<Installed> {
  const [sets, deployments, pods, services] = await Promise.all([
    kube.statefulSets(),
    kube.deployments(),
    kube.pods(),
    kube.services(),
  ]);
  const workloads = [
    ...sets.map((set) => workload('StatefulSet', set)),
    ...deployments.map((deployment) => workload('Deployment', deployment)),
  ].flatMap((each) => each ?? []);
  if (!workloads.some(({ name }) => name === HUB)) {
    throw new CouldNotLook(
      `Nothing of scholar is installed in namespace ${kube.namespace} (context ${kube.context}): there is no Deployment or StatefulSet ${HUB}. Name the namespace with --namespace.`,
    );
  }
  return { namespace: kube.namespace, workloads, pods, services };
}

interface Controller {
  metadata?: { name?: string; annotations?: Record<string, string>; uid?: string; generation?: number };
  spec?: {
    replicas?: number;
    selector: V1LabelSelector;
    template: V1PodTemplateSpec;
    paused?: boolean;
    updateStrategy?: { type?: string };
    volumeClaimTemplates?: { metadata?: { name?: string } }[];
  };
  status?: WorkloadStatus;
}

function workload(kind: Workload['kind'], { metadata, spec, status }: Controller): Workload | undefined {
  if (metadata?.name === undefined || spec === undefined) return undefined;
  const failure = status?.conditions?.find(
    (each) => each.type === 'ReplicaFailure' && each.status === 'True',
  );
  return {
    kind,
    name: metadata.name,
    replicas: spec.replicas ?? 1,
    selector: spec.selector,
    template: spec.template,
    annotations: metadata.annotations ?? {},
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    generation: metadata.generation ?? 0,
    claimTemplates: (spec.volumeClaimTemplates ?? []).map((each) => each.metadata?.name ?? ''),
    trouble: failure?.message,
    held: spec.paused === true || spec.updateStrategy?.type === 'OnDelete',
    ...(status === undefined ? {} : { status }),
  };
}

export function workloadOf({ workloads }: Installed, name: string): Workload | undefined {
  return workloads.find((workload) => workload.name === name);
}

/** @returns the pods that a workload controls; a test's or a job's pod with the same labels is none of them. */
export function podsOf({ pods }: Pick<Installed, 'pods'>, { selector }: Workload): V1Pod[] {
  return pods.filter(
    (pod) =>
      (pod.metadata?.ownerReferences ?? []).some(
        ({ kind }) => kind === 'StatefulSet' || kind === 'ReplicaSet',
      ) && matches(pod, selector.matchLabels ?? {}),
  );
}

/** True when a pod has every one of the labels; no labels match no pod, as for a Service without a selector. */
export function matches(pod: V1Pod, labels: Record<string, string>): boolean {
  const wanted = Object.entries(labels);
  return wanted.length > 0 && wanted.every(([key, value]) => pod.metadata?.labels?.[key] === value);
}
