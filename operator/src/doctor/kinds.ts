import type { ServedGroup } from '../kube/server-facts.ts';
import { type Examined, type Looked, unseen } from './examined.ts';

/** A kind that charts make objects of, where a value says so. */
export interface OptionalKind {
  kind: string;
  group: string;
  /** Of the objects that the charts write. */
  version: string;
  /** Ends of paths of the values that ask for it. */
  values: readonly string[];
  install: string;
}

const PROMETHEUS = {
  group: 'monitoring.coreos.com',
  version: 'v1',
  install: 'install the Prometheus operator',
} as const;

export const OPTIONAL_KINDS: readonly OptionalKind[] = [
  {
    kind: 'TruthTable',
    group: 'scholar.dev',
    version: 'v1alpha1',
    values: ['operator.enabled'],
    install: 'kubectl apply -f k8s/crds/truthtables.scholar.dev.yaml',
  },
  { ...PROMETHEUS, kind: 'PodMonitor', values: ['metrics.podMonitor.enabled'] },
  { ...PROMETHEUS, kind: 'ServiceMonitor', values: ['metrics.serviceMonitor.enabled'] },
  { ...PROMETHEUS, kind: 'PrometheusRule', values: ['metrics.prometheusRule.enabled'] },
  {
    kind: 'SealedSecret',
    group: 'bitnami.com',
    version: 'v1alpha1',
    values: ['secrets.sealed'],
    install: 'install the sealed-secrets controller',
  },
  {
    kind: 'HTTPRoute',
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    values: ['httpRoute.enabled'],
    install: 'install the Gateway API',
  },
];

/** Who asks for a kind: a value, or an object that is there. By kind. */
export type WantedKinds = Readonly<Record<string, string>>;

/** Pure: the kinds that a chart's values turn on, each with the path of the value. */
export function kindsWanted(values: unknown): WantedKinds {
  const on = pathsOfTrue(values);
  const found = OPTIONAL_KINDS.flatMap(({ kind, values: ends }) => {
    const by = on.find((path) => ends.some((end) => path === end || path.endsWith(`.${end}`)));
    return by === undefined ? [] : [[kind, by] as const];
  });
  return Object.fromEntries(found);
}

function pathsOfTrue(values: unknown, at: readonly string[] = []): string[] {
  if (values === true) return [at.join('.')];
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [];
  return Object.entries(values).flatMap(([key, value]) => pathsOfTrue(value, [...at, key]));
}

/** Pure: a line for each kind that is there, or that somebody asks for. */
export function kinds(served: Looked<Record<string, ServedGroup>>, wanted: WantedKinds): Examined[] {
  return OPTIONAL_KINDS.map((optional) => {
    const name = `kind ${optional.kind}`;
    if (served.value === undefined) return unseen(name, served.reason);
    const versions = (served.value[optional.group] ?? [])
      .filter(({ kinds: all }) => all.includes(optional.kind))
      .map(({ version }) => version);
    return kindLine({ name, optional, versions, by: wanted[optional.kind] });
  });
}

interface KindSeen {
  name: string;
  optional: OptionalKind;
  versions: readonly string[];
  by: string | undefined;
}

function kindLine({ name, optional, versions, by }: KindSeen): Examined {
  const { group, version, install, values } = optional;
  if (versions.includes(version)) {
    return { name, state: 'ok', detail: `${group}: ${versions.join(', ')}` };
  }
  const what = versions.length === 0 ? 'not there' : `served as ${versions.join(', ')}, not as ${version}`;
  if (by === undefined) return { name, state: 'ok', detail: `${what}; only ${values.join(', ')} needs it` };
  return { name, state: 'fail', detail: `${what}, and ${by} asks for ${group}/${version}`, todo: install };
}
