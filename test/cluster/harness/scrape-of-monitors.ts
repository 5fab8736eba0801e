import { z } from 'zod';

/**
 * What the Prometheus operator makes of the monitors of the charts, as a scrape configuration of Prometheus: the same selection, ports
 * and labels (podMonitor/… and serviceMonitor/… of its promcfg.go). It knows the fields that the charts render, and refuses others.
 */
const selector = z.strictObject({ matchLabels: z.record(z.string(), z.string()) });
const endpoint = z.strictObject({ port: z.string(), path: z.string(), interval: z.string() });
const metadata = z.object({ name: z.string(), namespace: z.string() });

const podMonitor = z.object({
  kind: z.literal('PodMonitor'),
  metadata,
  spec: z.strictObject({ selector, podMetricsEndpoints: z.array(endpoint) }),
});

const serviceMonitor = z.object({
  kind: z.literal('ServiceMonitor'),
  metadata,
  spec: z.strictObject({ selector, endpoints: z.array(endpoint) }),
});

const monitor = z.discriminatedUnion('kind', [podMonitor, serviceMonitor]);

type Monitor = z.infer<typeof monitor>;
type Relabeling = Record<string, unknown>;

/** @param items objects as the API server gives them. @throws Error when one has a field that is not translated. */
export function scrapeOfMonitors(items: readonly unknown[]): object[] {
  return items.map((item) => monitor.parse(item)).flatMap(jobsOf);
}

function jobsOf(of: Monitor): object[] {
  const { kind, metadata: at, spec } = of;
  const endpoints = 'endpoints' in spec ? spec.endpoints : spec.podMetricsEndpoints;
  const prefix = kind === 'PodMonitor' ? 'podMonitor' : 'serviceMonitor';
  return endpoints.map(({ port, path, interval }, index) => ({
    job_name: `${prefix}/${at.namespace}/${at.name}/${index}`,
    metrics_path: path,
    scrape_interval: interval,
    kubernetes_sd_configs: [
      { role: kind === 'PodMonitor' ? 'pod' : 'endpointslice', namespaces: { names: [at.namespace] } },
    ],
    relabel_configs: [
      { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: '(Failed|Succeeded)' },
      ...selected(kind, spec.selector.matchLabels),
      ...(kind === 'PodMonitor' ? ofPod(port, `${at.namespace}/${at.name}`) : ofService(port)),
      ...named,
      { target_label: 'endpoint', replacement: port },
    ],
  }));
}

function selected(kind: Monitor['kind'], matchLabels: Record<string, string>): Relabeling[] {
  const of = `__meta_kubernetes_${kind === 'PodMonitor' ? 'pod' : 'service'}`;
  return Object.entries(matchLabels).map(([label, value]) => {
    const name = label.replace(/[^a-zA-Z0-9_]/gu, '_');
    return {
      action: 'keep',
      source_labels: [`${of}_label_${name}`, `${of}_labelpresent_${name}`],
      regex: `(${value});true`,
    };
  });
}

const ofPod = (port: string, job: string): Relabeling[] => [
  { action: 'keep', source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: port },
  { target_label: 'job', replacement: job },
];

const ofService = (port: string): Relabeling[] => [
  { action: 'keep', source_labels: ['__meta_kubernetes_endpointslice_port_name'], regex: port },
  { source_labels: ['__meta_kubernetes_service_name'], target_label: 'service' },
  { source_labels: ['__meta_kubernetes_service_name'], target_label: 'job' },
];

const named: Relabeling[] = [
  { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
  { source_labels: ['__meta_kubernetes_pod_container_name'], target_label: 'container' },
  { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
];
