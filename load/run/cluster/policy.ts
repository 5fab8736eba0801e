import { LABELS, NAME } from './pod.ts';

const tcp = (port: number) => ({ port, protocol: 'TCP' });
const peer = (component: string) => ({
  podSelector: {
    matchLabels: {
      'app.kubernetes.io/part-of': LABELS['app.kubernetes.io/part-of'],
      'app.kubernetes.io/component': component,
    },
  },
});

const namespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** Where the runner shows its metrics. */
export const METRICS_PORT = 5665;

/** k6's own API, by which k6-operator starts its pods and looks at them. */
const K6_API_PORT = 6565;

/**
 * The pods of a load reach A8, A6, PostgreSQL, name resolution and Prometheus; only Prometheus reaches them, and whoever
 * leads k6's pods, where `k6Operator` names its namespace. Pure.
 */
export function loadPolicy(prometheusNamespace: string, k6Operator?: string): object {
  const prometheus = namespace(prometheusNamespace);
  const own = { podSelector: { matchLabels: LABELS } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      podSelector: { matchLabels: LABELS },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [prometheus], ports: [tcp(METRICS_PORT)] },
        ...(k6Operator === undefined
          ? []
          : [{ from: [own, namespace(k6Operator)], ports: [tcp(K6_API_PORT)] }]),
      ],
      egress: [
        { ports: [{ port: 53, protocol: 'UDP' }, tcp(53)] },
        { to: [peer('hub'), peer('app')], ports: [tcp(8080)] },
        { ports: [tcp(5432)] },
        { to: [prometheus], ports: [tcp(9090)] },
        ...(k6Operator === undefined ? [] : [{ to: [own], ports: [tcp(K6_API_PORT)] }]),
      ],
    },
  };
}
