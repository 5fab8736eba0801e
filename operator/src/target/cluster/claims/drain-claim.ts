import type { Clock } from '@scholar/runtime/clock';
import type { KubeApi, Resource } from '../../../kube/api-call.ts';
import type { Kube } from '../../../kube/kube-client.ts';
import { KubeError } from '../../../kube/kube-error.ts';
import type { V1Pod } from '../../../kube/objects.ts';
import { RepairRefused } from '../../../remedy/ledger.ts';
import type { StoredRow } from '../../target.ts';
import { nameOf } from '../pod-choice.ts';
import { type Drained, drainedIn, type Looked, lookedIn } from './drain-log.ts';
import { DRAIN_CONTAINERS, DRAIN_LABEL, type DrainPodOf, drainPod } from './drain-pod.ts';
import { hasEnded, isUsing } from './left-claims.ts';

const PODS: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' };

export interface DrainDeps {
  kube: Pick<Kube, 'pods' | 'statefulSets' | 'logTail'>;
  api: KubeApi;
  clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readRows: (eventIds: readonly string[]) => Promise<StoredRow[]>;
}

/** What a drain saw, and how many of the ids that it found are rows now. */
export interface DrainOutcome extends Drained {
  /** Of the workload while no replica could use the claim. */
  generation: number;
  found: number;
  ids: readonly string[];
  /** Ids of those that are no rows. */
  missing: readonly string[];
}

type Sets = Awaited<ReturnType<Kube['statefulSets']>>;

/** A little more than the pod's own deadline: it ends by itself, and this only says so. */
const PATIENCE_MS = 330_000;
const GONE_MS = 90_000;
const POLL_MS = 1_000;
/** The kubelet cuts long lines into several, which it counts one by one. */
const LOG_LINES = 100_000;

/** The API server checks and admits the pod, and makes none. @throws RepairRefused, KubeError */
export async function tryDrain(deps: DrainDeps, of: DrainPodOf): Promise<void> {
  await makeRoom(deps, of, 'All');
  if ((await standing(deps, of)) === undefined) await create(deps, of, 'All');
}

/**
 * Drains one claim by a pod of its own and removes that pod, whatever happened.
 * @returns what it saw; events may be left. undefined = the app was scaled up, and its own replica sends them. @throws RepairRefused when a replica has the claim, Error when the pod did not
 * come to an end or did not say what it saw.
 */
export async function drainClaim(deps: DrainDeps, of: DrainPodOf): Promise<DrainOutcome | undefined> {
  await makeRoom(deps, of);
  if (isNeeded(await deps.kube.statefulSets(), of)) return undefined;
  const made = await create(deps, of);
  let said: Awaited<ReturnType<typeof readSaid>> & { generation: number };
  try {
    const generation = await untilEnded(deps, of, made);
    said = { ...(await readSaid(deps, of)), generation };
  } finally {
    await remove(deps, made);
  }
  const { looked, drained, generation } = said;
  const { ids, queued: found } = looked;
  const stored = new Set((await deps.readRows(ids)).map(({ event_id }) => event_id));
  return { ...drained, generation, found, ids, missing: ids.filter((id) => !stored.has(id)) };
}

/** A drain that was killed leaves its pod; whoever holds the Lease of the app may take it away. */
async function makeRoom(deps: DrainDeps, of: DrainPodOf, dryRun?: 'All'): Promise<void> {
  const pods = await deps.kube.pods();
  const user = pods.find((pod) => isUsing(pod, of.claim) && !isOurs(pod, of));
  if (user !== undefined)
    throw new RepairRefused(
      `the pod ${nameOf(user)} uses ${of.claim}, and its forwarder sends what lies there`,
    );
  const old = pods.find((pod) => isOurs(pod, of));
  if (old !== undefined && dryRun === undefined) await remove(deps, old);
}

/** Long after whoever made a pod would have removed it. */
const ABANDONED_MS = 120_000;

/**
 * Takes away pods of drains that ended long ago: whoever began them is dead, and the replicas of their names cannot be
 * made until then. It asks for no Lease, because nobody waits for such a pod any more.
 */
export async function removeAbandoned(
  deps: Pick<DrainDeps, 'api' | 'kube'> & { clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'> },
  workload: string,
): Promise<void> {
  for (const pod of await deps.kube.pods()) {
    const isOne = pod.metadata?.labels?.[DRAIN_LABEL]?.includes(`-${workload}-`) === true;
    if (isOne && hasEnded(pod) && deps.clock.now() - endedAt(pod) > ABANDONED_MS) await remove(deps, pod);
  }
}

function endedAt({ status, metadata }: V1Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => state?.terminated?.finishedAt);
  const known = [...ends, status?.startTime, metadata?.creationTimestamp].flatMap((time) => time ?? []);
  return Math.max(0, ...known.map((time) => new Date(time).getTime()));
}

async function standing({ kube }: DrainDeps, of: DrainPodOf): Promise<V1Pod | undefined> {
  return (await kube.pods()).find((pod) => nameOf(pod) === drainPod(of).metadata.name);
}

async function create({ api }: DrainDeps, of: DrainPodOf, dryRun?: 'All'): Promise<V1Pod> {
  const { namespace, claim } = of;
  const body = drainPod(of);
  try {
    return await api.request<V1Pod>({ verb: 'create', resource: PODS, namespace, body, query: { dryRun } });
  } catch (cause) {
    if (cause instanceof KubeError && cause.status === 409)
      throw new RepairRefused(
        `the pod ${body.metadata.name} has just come back, and its forwarder sends what lies on ${claim}`,
      );
    throw cause;
  }
}

/** @returns the generation of the workload, seen while the pod held the name of the replica. */
async function untilEnded(deps: DrainDeps, of: DrainPodOf, made: V1Pod): Promise<number> {
  const { clock, kube } = deps;
  const deadline = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const [pods, sets] = await Promise.all([kube.pods(), kube.statefulSets()]);
    const pod = pods.find(({ metadata }) => metadata?.uid === made.metadata?.uid);
    if (pod === undefined)
      throw new Error(`somebody has removed the pod ${nameOf(made)} while it drained ${of.claim}`);
    if (hasEnded(pod)) return setOf(sets, of)?.metadata?.generation ?? 0;
    if (isNeeded(sets, of))
      throw new RepairRefused(
        `${of.workload.name} was scaled up meanwhile: its own replica takes ${of.claim} over and sends what is left`,
      );
    if (clock.monotonic() >= deadline)
      throw new Error(`the pod ${nameOf(made)} has not drained ${of.claim}: ${whyWaiting(pod)}`);
    await clock.sleep(POLL_MS);
  }
}

function setOf(sets: Sets, { workload }: DrainPodOf): Sets[number] | undefined {
  return sets.find(({ metadata }) => metadata?.name === workload.name);
}

function isNeeded(sets: Sets, of: DrainPodOf): boolean {
  return (setOf(sets, of)?.spec?.replicas ?? 1) > of.ordinal;
}

function whyWaiting({ status }: V1Pod): string {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False')
    return `it is not scheduled: ${scheduled.message ?? scheduled.reason ?? ''}`;
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = all.find(({ state }) => state?.waiting !== undefined);
  if (waiting === undefined) return `its phase is ${status?.phase ?? 'unknown'}`;
  const { reason, message } = waiting.state?.waiting ?? {};
  return `${waiting.name} waits: ${reason ?? ''} ${message ?? ''}`.trim();
}

async function readSaid({ kube }: DrainDeps, of: DrainPodOf): Promise<{ looked: Looked; drained: Drained }> {
  const pod = drainPod(of).metadata.name;
  const lines = (container: string) => kube.logTail({ pod, container, lines: LOG_LINES });
  const looked = await lines(DRAIN_CONTAINERS.look);
  const drained = await lines(DRAIN_CONTAINERS.drain);
  const said = { looked: lookedIn(looked), drained: drainedIn(drained) };
  if (said.looked !== undefined && said.drained !== undefined)
    return { looked: said.looked, drained: said.drained };
  const last = [...looked, ...drained].at(-1) ?? 'it wrote nothing';
  throw new Error(`the pod ${pod} did not say what it saw on ${of.claim}: ${last}`);
}

/** Waits until it is gone, because until then the StatefulSet cannot make the replica of that name. */
async function remove(
  { api, kube, clock }: Pick<DrainDeps, 'api' | 'kube' | 'clock'>,
  { metadata }: V1Pod,
): Promise<void> {
  const { name = '', namespace, uid } = metadata ?? {};
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
  try {
    await api.request({ verb: 'delete', resource: PODS, namespace, name, body });
  } catch (cause) {
    if (cause instanceof KubeError && (cause.status === 404 || cause.status === 409)) return;
    throw cause;
  }
  const deadline = clock.monotonic() + GONE_MS;
  while ((await kube.pods()).some((pod) => pod.metadata?.uid === uid)) {
    if (clock.monotonic() >= deadline)
      throw new Error(`the pod ${name} is still there: \`kubectl -n ${namespace} delete pod ${name}\``);
    await clock.sleep(POLL_MS);
  }
}

function isOurs({ metadata }: V1Pod, { claim }: DrainPodOf): boolean {
  return metadata?.labels?.[DRAIN_LABEL] === claim;
}
