import type { V1Pod, V1Service } from '../../kube/objects.ts';
import { matches } from './installed.ts';

export interface ServiceAddress {
  service: string;
  port: number;
}

const DEFAULT_PORTS: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'postgresql:': 5432,
  'postgres:': 5432,
};

/**
 * Pure: the Service of this namespace that an address names, in any of the forms that CoreDNS resolves: `name`,
 * `name.namespace`, `name.namespace.svc`, `name.namespace.svc.cluster.local`. undefined for every other address.
 */
export function serviceAddress(url: string, namespace: string): ServiceAddress | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const [service = '', ...rest] = hostname.split('.');
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/u.test(service) || hostname === 'localhost') return undefined;
  const ours = ['', namespace, `${namespace}.svc`, `${namespace}.svc.cluster.local`];
  if (!ours.includes(rest.join('.'))) return undefined;
  return { service, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 80) : Number(port) };
}

/** Where a Service leads: the pods that it selects, and their port. */
export interface ServiceBackend {
  pods: V1Pod[];
  /** The port of one of these pods; undefined when the Service or the pod has no such port. */
  podPort: (pod: V1Pod) => number | undefined;
}

/** Pure. @returns undefined when there is no such Service. */
export function backendOf(
  { service, port }: ServiceAddress,
  { services, pods }: { services: readonly V1Service[]; pods: readonly V1Pod[] },
): ServiceBackend | undefined {
  const found = services.find(({ metadata }) => metadata?.name === service);
  if (found === undefined) return undefined;
  const target = found.spec?.ports?.find((each) => each.port === port)?.targetPort;
  return {
    pods: pods.filter((pod) => matches(pod, found.spec?.selector ?? {})),
    podPort: (pod) => (typeof target === 'string' ? namedPort(pod, target) : (target ?? undefined)),
  };
}

function namedPort({ spec }: V1Pod, name: string): number | undefined {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return containers.flatMap(({ ports }) => ports ?? []).find((port) => port.name === name)?.containerPort;
}
