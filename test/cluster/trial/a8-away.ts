import { HUB_LABEL } from '@scholar/contract';
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
  const before = await backlogs(system);
  const traffic = await startTraffic(system, CLUSTER_PATIENCE.pauseMs);
  try {
    await traffic.until(count, CLUSTER_PATIENCE.requestsMs);
  } finally {
    await traffic.stop();
  }
  const { accepted } = await traffic.stop();
  await waitFor(async () => sum(await backlogs(system)) >= sum(before) + accepted.length, {
    timeoutMs: CLUSTER_PATIENCE.rowsMs,
    intervalMs: 500,
    what: 'every event on the disk of a forwarder',
  });
  return accepted;
}

/** How many events each of the three forwarders still owes to A8. */
export async function backlogs(system: ClusterSystem): Promise<number[]> {
  const all = await Promise.all(PRODUCERS.map((label) => system.forwarder(label)));
  return all.map(({ queue }) => queue.depth);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
