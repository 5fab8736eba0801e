import type { Clock } from '@scholar/runtime/clock';
import type { Kube } from '../../../kube/kube-client.ts';
import type { V1Pod } from '../../../kube/objects.ts';
import { RepairRefused } from '../../../remedy/ledger.ts';
import { matches, type Workload } from '../installed.ts';
import { type Rolling, type RolloutState, rolloutState } from './rollout.ts';
import { REPAIR_ANNOTATION } from './workload-restart.ts';

export interface RolloutDeps {
  kube: Pick<Kube, 'statefulSets' | 'deployments' | 'pods'>;
  clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  workload: Pick<Workload, 'kind' | 'name'>;
}

/** A rollout of somebody else's that is nearly over is waited for. */
const OTHERS_MS = 60_000;
/** One pod after the other: drain, start of the forwarder, start of the app. */
const OURS_MS = 300_000;
const POLL_MS = 1_000;

/** @throws RepairRefused while somebody else's rollout is in progress and does not end soon. */
export async function awaitOthers(deps: RolloutDeps, patienceMs = OTHERS_MS): Promise<void> {
  const seen = await pollRollout(deps, patienceMs, () => true);
  if (seen.state !== 'rolling') return;
  const { kind, name } = deps.workload;
  throw new RepairRefused(
    `a rollout of the ${kind} ${name} is in progress, and not by this repair (${seen.detail}): wait for it, or \`kubectl rollout undo\` it`,
  );
}

/** Waits until the pods that a repair made are ready. @throws Error when they will not be. */
export async function awaitOurs(deps: RolloutDeps, annotation: string | undefined): Promise<void> {
  const ours = (pod: V1Pod) => pod.metadata?.annotations?.[REPAIR_ANNOTATION] === annotation;
  const seen = await pollRollout(deps, OURS_MS, ours);
  if (seen.state === 'done') return;
  const why = seen.state === 'stuck' ? 'does not become ready' : `is not ready after ${OURS_MS / 1_000} s`;
  throw new Error(`The ${deps.workload.kind} ${deps.workload.name} ${why}: ${seen.detail}.`);
}

async function pollRollout(
  deps: RolloutDeps,
  patienceMs: number,
  judged: (pod: V1Pod) => boolean,
): Promise<RolloutState> {
  const { clock } = deps;
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    const seen = rolloutState(await readRolling(deps), clock.now(), judged);
    if (seen.state !== 'rolling' || clock.monotonic() >= deadline) return seen;
    await clock.sleep(POLL_MS);
  }
}

async function readRolling({ kube, workload }: RolloutDeps): Promise<Rolling> {
  const [all, pods] = await Promise.all([
    workload.kind === 'StatefulSet' ? kube.statefulSets() : kube.deployments(),
    kube.pods(),
  ]);
  const found = all.find(({ metadata }) => metadata?.name === workload.name);
  if (found === undefined) throw new Error(`The ${workload.kind} ${workload.name} is gone.`);
  const labels = found.spec?.selector.matchLabels ?? {};
  return {
    generation: found.metadata?.generation ?? 0,
    replicas: found.spec?.replicas ?? 1,
    status: found.status ?? {},
    pods: pods.filter((pod) => matches(pod, labels)),
  };
}
