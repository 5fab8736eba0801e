import { CouldNotLook } from '../../could-not-look.ts';
import type { Kube } from '../../kube/kube-client.ts';
import type { V1Pod, V1Service } from '../../kube/objects.ts';
import type { LocalPort } from '../../kube/port-forward.ts';
import { matches } from './installed.ts';
import { NAME_LABEL } from './names.ts';
import { chosenPod, nameOf } from './pod-choice.ts';
import { backendOf, type ServiceAddress } from './service-address.ts';

/** Ways into the cluster, opened when they are first needed and kept until close. */
export interface Reach {
  /** A port of the pod that speaks for an object; loopback ports of the pod too. */
  pod: (name: string, port: number) => Promise<LocalPort>;
  /** What a Service of the namespace leads to. @throws CouldNotLook when there is no such Service. */
  service: (address: ServiceAddress) => Promise<LocalPort>;
  close: () => Promise<void>;
}

/** Connections that begin within this time share one look at the pods. */
const FRESH_MS = 2_000;

export function createReach(kube: Kube, monotonic: () => number): Reach {
  const open = new Map<string, Promise<LocalPort>>();
  const kept = (key: string, make: () => Promise<LocalPort>): Promise<LocalPort> => {
    const known = open.get(key) ?? make();
    open.set(key, known);
    // What could not be opened may be there the next time.
    known.catch(() => open.delete(key));
    return known;
  };
  const pods = remembered(kube.pods, monotonic);
  const services = remembered(kube.services, monotonic);
  return {
    pod: (name, port) =>
      kept(`pod/${name}:${port}`, () =>
        kube.forward({
          port,
          pod: async () =>
            nameOf(
              chosen(
                name,
                (await pods()).filter((pod) => isNamed(pod, name)),
              ),
            ),
        }),
      ),
    service: (address) =>
      kept(`service/${address.service}:${address.port}`, () =>
        forwardService({ kube, pods, services, address }),
      ),
    close: async () => {
      const ports = await Promise.allSettled(open.values());
      open.clear();
      await Promise.all(ports.map((port) => (port.status === 'fulfilled' ? port.value.close() : undefined)));
    },
  };
}

interface ServiceForward {
  kube: Kube;
  pods: () => Promise<V1Pod[]>;
  services: () => Promise<V1Service[]>;
  address: ServiceAddress;
}

async function forwardService({ kube, pods, services, address }: ServiceForward): Promise<LocalPort> {
  const backend = async () => backendOf(address, { pods: await pods(), services: await services() });
  const now = await backend();
  if (now === undefined)
    throw new CouldNotLook(`there is no Service ${address.service} in namespace ${kube.namespace}`);
  const example = now.pods[0];
  const port = example === undefined ? address.port : now.podPort(example);
  if (port === undefined)
    throw new CouldNotLook(
      `the Service ${address.service} leads port ${address.port} to no port of its pods`,
    );
  return kube.forward({
    port,
    pod: async () => nameOf(chosen(address.service, (await backend())?.pods ?? [])),
  });
}

function isNamed(pod: V1Pod, name: string): boolean {
  const owners = pod.metadata?.ownerReferences ?? [];
  return (
    matches(pod, { [NAME_LABEL]: name }) &&
    owners.some(({ kind, controller }) => kind !== 'Job' && controller)
  );
}

function chosen(name: string, pods: readonly V1Pod[]): V1Pod {
  const pod = chosenPod(pods);
  if (pod === undefined) throw new CouldNotLook(`no pod of ${name} runs`);
  return pod;
}

function remembered<T>(read: () => Promise<T>, monotonic: () => number): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined;
  return () => {
    if (last === undefined || monotonic() - last.at > FRESH_MS) last = { at: monotonic(), value: read() };
    return last.value;
  };
}
