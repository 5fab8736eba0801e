import type { BuildView } from '../../audit/snapshot.ts';
import { askRunning } from '../../gather/probe.ts';
import { buildView } from './build-view.ts';
import { containerOf, type DesiredSource, type ProcessId } from './desired-view.ts';
import type { ClusterView } from './gather-cluster.ts';
import { podsOf, workloadOf } from './installed.ts';
import { objectName, POD_PORT } from './names.ts';
import { isLeaving, nameOf } from './pod-choice.ts';

/** What a process was made from in each of its pods. Of several pods each is asked for its configuration. */
export async function buildOf(view: ClusterView, id: ProcessId): Promise<BuildView | undefined> {
  const found = podsOfProcess(view, id);
  if (found === undefined) return undefined;
  return buildView({ ...found, configHashes: await configHashes(view, id, found.pods.map(nameOf)) });
}

function podsOfProcess(source: DesiredSource, id: ProcessId) {
  const workload = workloadOf(source.installed, objectName(id.label));
  const container = containerOf(source, id)?.name;
  if (workload === undefined || container === undefined) return undefined;
  const pods = podsOf(source.installed, workload).filter((pod) => !isLeaving(pod));
  return { workload, pods, container };
}

/** A single pod has nobody to differ from. One that does not answer is left out. */
async function configHashes(
  view: ClusterView,
  { role }: ProcessId,
  pods: readonly string[],
): Promise<Map<string, string>> {
  if (pods.length < 2) return new Map();
  const port = role === 'forwarder' ? POD_PORT.forwarderOps : POD_PORT.ops;
  const told = await Promise.all(
    pods.map(async (pod) => {
      const hash = await configHash(view, pod, port);
      return hash === undefined ? [] : [[pod, hash] as const];
    }),
  );
  return new Map(told.flat());
}

/** By a way of its own, closed at once: pods come and go while a controller keeps looking. */
async function configHash(
  { kube, ask }: ClusterView,
  name: string,
  port: number,
): Promise<string | undefined> {
  const local = await kube.forward({ port, pod: async () => name });
  try {
    return (await askRunning(ask, `http://127.0.0.1:${local.port}`))?.config_hash;
  } finally {
    await local.close();
  }
}
