import type { ApiCall, KubeApi } from '../../../../kube/api-call.ts';
import { KubeError } from '../../../../kube/kube-error.ts';
import type { Lease } from '../../../../kube/lease.ts';
import type { V1Pod } from '../../../../kube/objects.ts';
import type { StoredRow } from '../../../target.ts';
import type { DrainDeps } from '../drain-claim.ts';

export interface MemoryCluster {
  deps: DrainDeps & { clock: DrainDeps['clock'] & { now: () => number } };
  pods: V1Pod[];
  /** Verbs and names, in order; a dry run is named as one. */
  calls: string[];
  lease: Lease;
}

export interface Scene {
  pods?: V1Pod[];
  /** How many replicas the StatefulSet has, by the number of looks at it. */
  replicas?: (look: number) => number;
  /** The phase of the drain's pod, by the number of looks at it. */
  phase?: (look: number) => string;
  look?: string[];
  drain?: string[];
  /** Ids that are rows in A8. */
  rows?: string[];
}

/** An API server with pods, one StatefulSet and one Lease, whose pods say what a test has them say. */
export function memoryCluster(scene: Scene = {}): MemoryCluster {
  const { replicas = () => 1, phase = () => 'Succeeded', look = [], drain = [], rows = [] } = scene;
  const pods = [...(scene.pods ?? [])];
  const calls: string[] = [];
  const cluster = {
    lease: { metadata: { name: 'scholar-auth-repair', resourceVersion: '1' }, spec: {} } as Lease,
  };
  let looks = 0;
  let nowMs = 0;
  const nameOf = (pod: V1Pod) => pod.metadata?.name ?? '';
  const request = async ({ verb, resource, name = '', body, query }: ApiCall): Promise<unknown> => {
    if (resource.plural === 'leases') {
      if (verb === 'update') cluster.lease = body as Lease;
      return cluster.lease;
    }
    const pod = body as V1Pod;
    calls.push(
      `${verb} ${verb === 'create' ? nameOf(pod) : name}${query?.['dryRun'] === undefined ? '' : ' (dry run)'}`,
    );
    if (verb === 'delete') {
      const index = pods.findIndex((each) => nameOf(each) === name);
      if (index < 0) throw new KubeError('no such pod', 404, undefined);
      pods.splice(index, 1);
      return {};
    }
    if (pods.some((each) => nameOf(each) === nameOf(pod)))
      throw new KubeError('already exists', 409, undefined);
    const made = {
      ...pod,
      metadata: { ...pod.metadata, uid: `uid-made-${calls.length}` },
      status: { phase: 'Pending' },
    };
    if (query?.['dryRun'] === undefined) pods.push(made);
    return made;
  };
  const deps: MemoryCluster['deps'] = {
    api: { request: request as KubeApi['request'], stream: async () => (async function* () {})() },
    kube: {
      pods: async () => pods.map((pod) => (isMade(pod) ? { ...pod, status: { phase: phase(looks) } } : pod)),
      statefulSets: async () => {
        looks += 1;
        const metadata = { name: 'scholar-auth', generation: 7 };
        return [
          { metadata, spec: { replicas: replicas(looks), selector: {}, serviceName: '', template: {} } },
        ];
      },
      logTail: async ({ container }) => (container === 'look' ? look : drain),
    },
    clock: {
      now: () => nowMs,
      monotonic: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms;
      },
    },
    readRows: async (ids) =>
      rows.filter((id) => ids.includes(id)).map((event_id) => ({ event_id }) as StoredRow),
  };
  return {
    deps,
    pods,
    calls,
    get lease() {
      return cluster.lease;
    },
  };
}

function isMade({ metadata }: V1Pod): boolean {
  return metadata?.uid?.startsWith('uid-made-') === true;
}

export function lookLine(ids: readonly string[], queued = ids.length): string {
  return JSON.stringify({ events: ids.map((event_id) => ({ event_id })), totals: { queued } });
}

export function drainLine(more: { left?: number; dead?: number; reason?: string } = {}): string {
  const { left = 0, dead = 0, reason } = more;
  const hold = reason === undefined ? null : { reason, detail: '' };
  return JSON.stringify({ left, dead, quarantined: 0, state: 'idle', hold });
}
