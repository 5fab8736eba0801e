import type { KubeObject } from '../../../kube/api-call.ts';
import type { V1Container, V1PodSpec } from '../../../kube/objects.ts';
import type { Workload } from '../installed.ts';
import { FORWARDER, POD_PORT } from '../names.ts';
import { ownedBy } from '../owned-by.ts';

/** On a pod of a drain: the claim that it drains. */
export const DRAIN_LABEL = 'scholar.dev/drains-claim';

const COMPONENT = 'app.kubernetes.io/component';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

export const DRAIN_CONTAINERS = { look: 'look', drain: 'drain' } as const;

/** How long the forwarder may take to deliver, and the whole pod to be there, in seconds. */
export const DRAIN_TIMEOUT_S = 120;
const POD_DEADLINE_S = 300;

/** The ids of so many events are looked up as rows; of more the oldest stand for the rest. */
export const PROVEN_IDS = 20_000;

export interface DrainPodOf {
  namespace: string;
  workload: Workload;
  claim: string;
  ordinal: number;
  /** The volume under OUTBOX_DIR, and that folder. */
  volume: string;
  outboxDir: string;
  tokenFile: string;
}

/** As it is given to the API server. */
export interface DrainPod extends KubeObject {
  spec: V1PodSpec;
}

/** Why this workload cannot be drained by a pod of ours. */
export class NotDrainable extends Error {}

/**
 * Pure: the pod that drains a claim. It has the name of the replica that would mount it, so that the API server itself
 * lets only one of the two exist. It has none of the labels by which the StatefulSet and the Service know their pods.
 * First it lists what is undelivered, then the forwarder of the template runs as it would in that replica, and
 * `outbox drain` waits until nothing is queued; the pod ends with it.
 * @throws NotDrainable
 */
export function drainPod(of: DrainPodOf): DrainPod {
  const { namespace, workload, claim, ordinal, volume, outboxDir, tokenFile } = of;
  const { metadata, spec } = workload.template;
  const forwarder = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(
    ({ name }) => name === FORWARDER,
  );
  if (spec === undefined || forwarder === undefined)
    throw new NotDrainable(`the pod template of ${workload.name} has no container ${FORWARDER}`);
  const labels = {
    ...metadata?.labels,
    [COMPONENT]: 'drain',
    [MANAGED_BY]: 'scholar-operator',
    [DRAIN_LABEL]: claim,
  };
  if (selects(workload, labels))
    throw new NotDrainable(
      `the selector of ${workload.name} does not ask for ${COMPONENT}, so its StatefulSet would take the pod for its own`,
    );
  const tool = (name: string, args: string[]): V1Container => toolOf(forwarder, name, args);
  const intake = `http://127.0.0.1:${POD_PORT.intake}`;
  const look = ['list', 'queued', '--dir', outboxDir, '--limit', String(PROVEN_IDS)];
  const wait = ['drain', '--intake', intake, '--token-file', tokenFile, '--timeout', String(DRAIN_TIMEOUT_S)];
  const drained: V1PodSpec = {
    ...spec,
    restartPolicy: 'Never',
    activeDeadlineSeconds: POD_DEADLINE_S,
    initContainers: [tool(DRAIN_CONTAINERS.look, look), { ...forwarder, restartPolicy: 'Always' }],
    containers: [tool(DRAIN_CONTAINERS.drain, wait)],
    volumes: [
      { name: volume, persistentVolumeClaim: { claimName: claim } },
      ...mountedVolumes(spec, forwarder).filter(({ name }) => name !== volume),
    ],
  };
  const { name } = workload;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${ordinal}`,
      namespace,
      labels,
      ...ownedBy(workload),
    },
    spec: drained,
  };
}

function selects({ selector }: Workload, labels: Record<string, string>): boolean {
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

/** The forwarder's image, rights and mounts, without its environment: the tool is told everything by its arguments. */
function toolOf(forwarder: V1Container, name: string, args: string[]): V1Container {
  const { image, imagePullPolicy, resources, securityContext, volumeMounts } = forwarder;
  return {
    name,
    args: ['sidecar/dist/outbox-cli.js', ...args, '-o', 'json'],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(image === undefined ? {} : { image }),
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(resources === undefined ? {} : { resources }),
    ...(securityContext === undefined ? {} : { securityContext }),
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
  };
}

function mountedVolumes(spec: V1PodSpec, { volumeMounts = [] }: V1Container) {
  const names = new Set(volumeMounts.map(({ name }) => name));
  return (spec.volumes ?? []).filter(({ name }) => names.has(name));
}
