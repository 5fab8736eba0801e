import type { Running } from '@scholar/contract';
import type { BuildView, ConfigView } from '../../audit/snapshot.ts';
import { configView } from '../../gather/config-view.ts';
import { askRunning } from '../../gather/probe.ts';
import type { V1Pod } from '../../kube/objects.ts';
import { buildView } from './build-view.ts';
import { givenValues, type WantedProcess } from './desired-process.ts';
import { type ProcessId, wantedProcess } from './desired-view.ts';
import type { ClusterView } from './gather-cluster.ts';
import { podsOf, workloadOf } from './installed.ts';
import { isMoving } from './moving.ts';
import { OPERATOR, objectName, POD_PORT } from './names.ts';
import { chosenPod, isLeaving, isReady, nameOf } from './pod-choice.ts';

/**
 * What a process was made from in each of its pods, and what each tells of itself.
 * @param spoken what the one that speaks has told already; the others are asked here.
 */
export async function buildOf(
  view: ClusterView,
  id: ProcessId,
  spoken: Running | undefined,
): Promise<BuildView | undefined> {
  const workload = workloadOf(view.installed, objectName(id.label));
  const wanted = wantedProcess(view, id);
  if (workload === undefined || wanted === undefined) return undefined;
  const all = podsOf(view.installed, workload);
  const pods = all.filter((pod) => !isLeaving(pod));
  const speaker = chosenPod(pods)?.metadata?.name;
  const told = await Promise.all(
    pods.map(async (pod) => {
      const running = nameOf(pod) === speaker ? spoken : await askPod(view, nameOf(pod), opsPort(id));
      return { pod, running, config: podConfig(running, wanted, pod), speaks: nameOf(pod) === speaker };
    }),
  );
  return buildView({
    workload,
    container: wanted.container.name,
    pods: told,
    moving: isMoving(workload, all, view.now()),
  });
}

/** The operator's own pods, which are of the release as well. Each is asked; one that does not answer is left out. */
export async function operatorBuild(view: ClusterView): Promise<BuildView | undefined> {
  const workload = workloadOf(view.installed, OPERATOR);
  const container = workload?.template.spec?.containers[0]?.name;
  if (workload === undefined || container === undefined) return undefined;
  const all = podsOf(view.installed, workload);
  const ready = all.filter((pod) => !isLeaving(pod) && isReady(pod));
  const pods = await Promise.all(
    ready.map(async (pod) => {
      const running = await askPod(view, nameOf(pod), POD_PORT.ops);
      return { pod, running, config: undefined, speaks: false };
    }),
  );
  return buildView({ workload, container, pods, moving: isMoving(workload, all, view.now()) });
}

/** As its template would give it to this pod; what comes from Secrets or files has checks of its own. */
function podConfig(running: Running | undefined, wanted: WantedProcess, pod: V1Pod): ConfigView | undefined {
  const wouldGive = [...givenValues({ ...wanted, pod })].flatMap(
    ([key, { value, secret, file, unknown }]): [string, string | undefined][] => {
      if (file) return [];
      if (secret || unknown) return [[key, undefined]];
      return [[key, value ?? '']];
    },
  );
  return configView(running, wouldGive);
}

function opsPort({ role }: ProcessId): number {
  return role === 'forwarder' ? POD_PORT.forwarderOps : POD_PORT.ops;
}

/** By a way of its own, closed at once: pods come and go while a controller keeps looking. */
async function askPod({ kube, ask }: ClusterView, name: string, port: number): Promise<Running | undefined> {
  const local = await kube.forward({ port, pod: async () => name });
  try {
    return await askRunning(ask, `http://127.0.0.1:${local.port}`);
  } finally {
    await local.close();
  }
}
