import { z } from 'zod';
import { looked } from '../../../doctor/examined.ts';
import type { LabelSelector } from '../../../doctor/label-selector.ts';
import {
  MONITOR_KINDS,
  type Monitor,
  type Monitoring,
  type MonitorKind,
  type PrometheusSeen,
} from '../../../doctor/monitors.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import { KubeError } from '../../../kube/kube-error.ts';

const GROUP = { group: 'monitoring.coreos.com', version: 'v1' } as const;
const PLURALS: Record<MonitorKind, string> = {
  PodMonitor: 'podmonitors',
  ServiceMonitor: 'servicemonitors',
  PrometheusRule: 'prometheusrules',
};
/** Far more than a cluster has; bounds the answer. */
const LIMIT = 200;

const labelled = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
});

const selectorSchema = z
  .object({
    matchLabels: z.record(z.string(), z.string()).optional(),
    matchExpressions: z
      .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
      .optional(),
  })
  .nullish()
  .transform((selector): LabelSelector | undefined => selector ?? undefined);

const prometheusSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({
    podMonitorSelector: selectorSchema,
    podMonitorNamespaceSelector: selectorSchema,
    serviceMonitorSelector: selectorSchema,
    serviceMonitorNamespaceSelector: selectorSchema,
    ruleSelector: selectorSchema,
    ruleNamespaceSelector: selectorSchema,
  }),
});

/** What of the namespace wants to be scraped, and what the Prometheuses of the cluster choose. @throws KubeError */
export async function askMonitoring(api: KubeApi, namespace: string): Promise<Monitoring> {
  const [monitors, prometheuses, labels] = await Promise.all([
    Promise.all(MONITOR_KINDS.map((kind) => monitorsOf(api, namespace, kind))),
    looked(async () => (await list(api, 'prometheuses', undefined)).map(prometheusOf)),
    looked(async () => {
      const resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace' };
      const found = await api.request<unknown>({ verb: 'get', resource, name: namespace });
      return labelled.parse(found).metadata.labels;
    }),
  ]);
  return { namespace: { name: namespace, labels }, monitors: monitors.flat(), prometheuses };
}

async function monitorsOf(api: KubeApi, namespace: string, kind: MonitorKind): Promise<Monitor[]> {
  const items = await list(api, PLURALS[kind], namespace);
  return items.map((item) => ({ kind, ...labelled.parse(item).metadata }));
}

/** Pure: a Prometheus object (monitoring.coreos.com/v1), by what it chooses. */
export function prometheusOf(item: unknown): PrometheusSeen {
  const { metadata, spec } = prometheusSchema.parse(item);
  const by: PrometheusSeen['by'] = {
    PodMonitor: { objects: spec.podMonitorSelector, namespaces: spec.podMonitorNamespaceSelector },
    ServiceMonitor: {
      objects: spec.serviceMonitorSelector,
      namespaces: spec.serviceMonitorNamespaceSelector,
    },
    PrometheusRule: { objects: spec.ruleSelector, namespaces: spec.ruleNamespaceSelector },
  };
  return { name: metadata.name, namespace: metadata.namespace, by };
}

/** None where the cluster has no such kind. */
async function list(api: KubeApi, plural: string, namespace: string | undefined): Promise<unknown[]> {
  const resource = { ...GROUP, plural, kind: plural };
  try {
    const query = { limit: LIMIT };
    return (await api.request<{ items: unknown[] }>({ verb: 'list', resource, namespace, query })).items;
  } catch (cause) {
    if (cause instanceof KubeError && cause.status === 404) return [];
    throw cause;
  }
}
