import type { AppLabel } from '@scholar/contract';
import type { ConservationView } from '../../audit/conservation-view.ts';
import type { LocalPort } from '../../kube/port-forward.ts';
import type { ClusterView } from './gather-cluster.ts';
import { podsOf, workloadOf } from './installed.ts';
import { objectName, POD_PORT } from './names.ts';
import { chosenPod, isLeaving, nameOf } from './pod-choice.ts';
import { controlThrough } from './repair/forwarder-control.ts';

export type ConservationSource = Pick<
  ClusterView,
  'kube' | 'ask' | 'reach' | 'installed' | 'sources' | 'conserve'
>;

/**
 * Each forwarder of an app counts what it delivered itself, so each pod is asked. One that does not answer is left out:
 * other checks find out why.
 */
export async function gatherConservation(
  view: ConservationSource,
  label: AppLabel,
): Promise<ConservationView[]> {
  const workload = workloadOf(view.installed, objectName(label));
  const pods = workload === undefined ? [] : podsOf(view.installed, workload);
  const running = pods.filter((pod) => !isLeaving(pod) && pod.status?.phase === 'Running');
  const speaker = chosenPod(running);
  const seen = await Promise.all(
    running.map((pod) =>
      compareOne(view, { label, pod: nameOf(pod), speaks: pod === speaker }).catch(() => undefined),
    ),
  );
  return seen.filter((each) => each !== undefined);
}

interface OnePod {
  label: AppLabel;
  pod: string;
  speaks: boolean;
}

async function compareOne(
  view: ConservationSource,
  { label, pod, speaks }: OnePod,
): Promise<ConservationView | undefined> {
  const opened: LocalPort[] = [];
  const open = async (port: number): Promise<LocalPort> => {
    if (speaks) return view.reach.pod(objectName(label), port);
    // By a way of its own, closed at once: pods come and go while a controller keeps looking.
    const local = await view.kube.forward({ port, pod: async () => pod });
    opened.push(local);
    return local;
  };
  try {
    const ops = await open(POD_PORT.forwarderOps);
    const control = controlThrough(view, label, await open(POD_PORT.intake));
    return await view.conserve({ name: pod, ops: `http://127.0.0.1:${ops.port}`, control });
  } finally {
    await Promise.all(opened.map((local) => local.close()));
  }
}
