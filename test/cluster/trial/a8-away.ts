import { type AppLabel, HUB_LABEL } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { startTraffic } from '../../harness/traffic.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { objectName, untilGone, untilReady } from '../harness/pods.ts';
import { CLUSTER_PATIENCE } from './trial.ts';

const HUB = objectName(HUB_LABEL);
const PRODUCERS = ['scholar_auth', 'auto_page_maker', 'provider_register'] as const;

export async function scaleA8(namespace: string, replicas: number): Promise<void> {
  await kubectl('scale', '-n', namespace, `deployment/${HUB}`, `--replicas=${replicas}`);
  await (replicas === 0 ? untilGone(namespace, HUB) : untilReady(namespace, HUB, replicas));
}

/** A8 has no pod while `what` happens; afterwards it has one again, whatever happened. */
export async function withoutA8<T>(namespace: string, what: () => Promise<T>): Promise<T> {
  await scaleA8(namespace, 0);
  try {
    return await what();
  } finally {
    await scaleA8(namespace, 1);
  }
}

/**
 * Signups, leads and payments while A8 is away, until each of their three forwarders holds all of its own on disk.
 * @returns the ids of the events.
 */
export async function makeBacklog(system: ClusterSystem, count: number): Promise<string[]> {
  const traffic = await startTraffic(system, CLUSTER_PATIENCE.pauseMs);
  try {
    await traffic.until(count, CLUSTER_PATIENCE.requestsMs);
  } finally {
    await traffic.stop();
  }
  const { accepted } = await traffic.stop();
  const all = async () =>
    (await Promise.all(PRODUCERS.map((label) => owedBy(system, label, accepted)))).flat();
  await waitFor(async () => (await all()).length === accepted.length, {
    timeoutMs: CLUSTER_PATIENCE.rowsMs,
    intervalMs: 500,
    what: 'every event on the disk of a forwarder',
  });
  return accepted;
}

/** Those of `ids` that the forwarder of an app has on disk and still owes to A8; the operator's canaries are not among them. */
export async function owedBy(
  system: ClusterSystem,
  label: AppLabel,
  ids: readonly string[],
): Promise<string[]> {
  const owed: string[] = [];
  for (const id of ids) {
    const state = await system.stateOf(label, id);
    if (state === 'queued' || state === 'held') owed.push(id);
  }
  return owed;
}

/** How many events each of the three forwarders still owes to A8, whoever made them. */
export async function backlogs(system: ClusterSystem): Promise<number[]> {
  const all = await Promise.all(PRODUCERS.map((label) => system.forwarder(label)));
  return all.map(({ queue }) => queue.depth);
}
