import { type Examined, type Looked, unseen } from './examined.ts';
import { type LabelSelector, selects } from './label-selector.ts';

export const MONITOR_KINDS = ['PodMonitor', 'ServiceMonitor', 'PrometheusRule'] as const;
export type MonitorKind = (typeof MONITOR_KINDS)[number];

/** An object of the namespace that a Prometheus has to choose. */
export interface Monitor {
  kind: MonitorKind;
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** What a Prometheus object chooses; undefined as in the object: null chooses nothing, of namespaces its own only. */
export interface PrometheusSeen {
  name: string;
  namespace: string;
  by: Record<MonitorKind, { objects: LabelSelector | undefined; namespaces: LabelSelector | undefined }>;
}

export interface Monitoring {
  namespace: { name: string; labels: Looked<Readonly<Record<string, string>>> };
  monitors: readonly Monitor[];
  prometheuses: Looked<readonly PrometheusSeen[]>;
}

const NAME = 'monitor labels';

/** The value of the charts that gives a kind its labels. */
const LABELS_OF: Record<MonitorKind, string> = {
  PodMonitor: 'metrics.podMonitor.labels',
  ServiceMonitor: 'metrics.serviceMonitor.labels',
  PrometheusRule: 'metrics.prometheusRule.labels',
};

/** Pure: is every monitor of the namespace chosen by a Prometheus of the cluster. */
export function monitorLine(seen: Looked<Monitoring>): Examined {
  if (seen.value === undefined) return unseen(NAME, seen.reason);
  const { monitors, prometheuses, namespace } = seen.value;
  if (monitors.length === 0) {
    return {
      name: NAME,
      state: 'ok',
      detail: `no PodMonitor, ServiceMonitor or PrometheusRule in ${namespace.name}`,
    };
  }
  if (prometheuses.value === undefined)
    return unseen(NAME, prometheuses.reason, 'a ClusterRole with list on prometheuses tells it');
  const all = prometheuses.value;
  if (all.length === 0) {
    return {
      name: NAME,
      state: 'warn',
      detail: `${monitors.length} monitors, but the cluster has no Prometheus object`,
      todo: 'if another program reads them (an agent, a vendor), nothing is to be done',
    };
  }
  const judged = monitors.map((monitor) => ({ monitor, chosen: chosenBy(monitor, all, namespace) }));
  const left = judged.filter(({ chosen }) => chosen === 'no').map(({ monitor }) => monitor);
  if (left.length > 0) return leftOut(left, all);
  const open = judged.filter(({ chosen }) => chosen === 'unknown');
  if (open.length > 0)
    return unseen(
      NAME,
      `chosen by the labels of the namespace, which may not be read: ${namespace.labels.reason}`,
    );
  return { name: NAME, state: 'ok', detail: `${monitors.length} monitors, each chosen by a Prometheus` };
}

function chosenBy(monitor: Monitor, all: readonly PrometheusSeen[], namespace: Monitoring['namespace']) {
  const answers = all.map((prometheus) => chooses(prometheus, monitor, namespace));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

function chooses(
  { by, namespace: own }: PrometheusSeen,
  { kind, labels }: Monitor,
  namespace: Monitoring['namespace'],
): 'yes' | 'no' | 'unknown' {
  const { objects, namespaces } = by[kind];
  if (objects === undefined || !selects(objects, labels)) return 'no';
  if (namespaces === undefined) return own === namespace.name ? 'yes' : 'no';
  if (isEmpty(namespaces)) return 'yes';
  if (namespace.labels.value === undefined) return 'unknown';
  return selects(namespaces, namespace.labels.value) ? 'yes' : 'no';
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function leftOut(left: readonly Monitor[], all: readonly PrometheusSeen[]): Examined {
  const [first] = left;
  const values = [...new Set(left.map(({ kind }) => LABELS_OF[kind]))];
  const shown = left.slice(0, 3).map(({ kind, name }) => `${kind} ${name}`);
  const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
  const wanted = all
    .slice(0, 3)
    .map(
      ({ name, namespace, by }) =>
        `${namespace}/${name} wants ${selectorText(first && by[first.kind].objects)}`,
    );
  return {
    name: NAME,
    state: 'fail',
    detail: `no Prometheus chooses ${shown.join(', ')}${more}; ${wanted.join('; ')}`,
    todo: `set ${values.join(', ')} (for PodMonitors of the umbrella: global.scholar.metrics.podMonitor.labels) to what it wants; where they fit, its namespace selector leaves this namespace out`,
  };
}

function selectorText(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'none';
  if (isEmpty(selector)) return 'any label';
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values }) =>
      `${key} ${operator} ${(values ?? []).join('|')}`.trim(),
    ),
  ].join(', ');
}
