import type { AppLabel } from '@scholar/contract';
import type { Ask } from '../../../gather/http-client.ts';
import type { Kube } from '../../../kube/kube-client.ts';
import type { LocalPort } from '../../../kube/port-forward.ts';
import type { AskControl } from '../../replay.ts';
import { type DesiredSource, givenValue } from '../desired-view.ts';
import { podsOf, workloadOf } from '../installed.ts';
import { objectName, POD_PORT } from '../names.ts';
import { isLeaving, nameOf } from '../pod-choice.ts';
import type { PlacementView } from './placement.ts';

/** The control ports of all forwarders of an app, each through a port-forward of its own. Close them afterwards. */
export async function forwardersOf(
  deps: { kube: Kube; ask: Ask; view: () => PlacementView },
  label: AppLabel,
): Promise<{ forwarders: AskControl[]; close: () => Promise<void> }> {
  const view = deps.view();
  const workload = workloadOf(view.installed, objectName(label));
  const pods = workload === undefined ? [] : podsOf({ pods: await deps.kube.pods() }, workload);
  const running = pods.filter((pod) => !isLeaving(pod) && pod.status?.phase === 'Running');
  if (running.length === 0) throw new Error(`No forwarder of ${label} runs.`);
  const ports = await Promise.all(
    running.map((pod) => deps.kube.forward({ pod: async () => nameOf(pod), port: POD_PORT.intake })),
  );
  const forwarders = ports.map((port) => controlThrough({ ask: deps.ask, ...view }, label, port));
  return {
    forwarders,
    close: async () => {
      await Promise.all(ports.map((port) => port.close()));
    },
  };
}

/** The control routes behind a port-forward. They throw where the forwarder is given no token. */
export function controlThrough(
  from: DesiredSource & { ask: Ask },
  label: AppLabel,
  { port }: Pick<LocalPort, 'port'>,
): AskControl {
  const token = givenValue(from, { label, role: 'forwarder' }, 'CONTROL_TOKEN');
  return async ({ path, ...question }) => {
    if (token === undefined)
      throw new Error(`The forwarder of ${label} is given no CONTROL_TOKEN, so it takes no orders.`);
    return from.ask({
      ...question,
      url: `http://127.0.0.1:${port}${path}`,
      headers: { authorization: `Bearer ${token}` },
    });
  };
}
