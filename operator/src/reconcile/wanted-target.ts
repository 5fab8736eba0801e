import { type AppLabel, type Environment, HUB_LABEL } from '@scholar/contract';
import type { ServedLabel } from '../audit/remedy.ts';
import { durationMs } from '../crd/duration.ts';
import { DEFAULT_GUARDS, type TruthTableSpec } from '../crd/spec.ts';
import { DEFAULT_LIMITS, type Limits } from '../remedy/budget.ts';
import type { NamedKey } from '../target/cluster/hub-database.ts';
import { objectName } from '../target/cluster/names.ts';
import { declaredSources, type SecretSource } from '../target/cluster/repair/secret-from.ts';
import { serviceAddress } from '../target/cluster/service-address.ts';

/** Outage drills that a TruthTable asks for. */
export interface WantedDrill {
  everyMs: number;
  label: AppLabel;
  events: number;
}

/** What a TruthTable asks of the cluster that is looked at. */
export interface WantedTarget {
  namespace: string;
  environment: Environment;
  labels: readonly AppLabel[];
  /** Real events an hour, by app; 0 = the spec says nothing. */
  minimumRates: Readonly<Partial<Record<AppLabel, number>>>;
  secretFrom: readonly SecretSource[];
  /** Where the address of A8's database is read; undefined = what A8 itself is given. */
  database: NamedKey | undefined;
  canaryIntervalMs: number;
  writeBoundMs: number;
  /** undefined = nothing may be changed. */
  limits: Limits | undefined;
  /** Time between two tries of A8's guards. */
  guardsEveryMs: number;
  /** undefined = no drills. */
  drill: WantedDrill | undefined;
}

/** How many repairs an hour where `repair.maxPerHour` is left out; the API server fills it in where `repair` is given. */
const DEFAULT_MAX_PER_HOUR = 6;

/** Pure. */
export function wantedTarget(spec: TruthTableSpec, namespace: string): WantedTarget {
  return {
    namespace,
    environment: spec.environment,
    labels: spec.apps.map(({ label }) => label),
    minimumRates: Object.fromEntries(
      spec.apps.map(({ label, minimumEventsPerHour }) => [label, minimumEventsPerHour]),
    ),
    secretFrom: declaredSources(spec.apps),
    database:
      spec.hub.database === undefined
        ? undefined
        : { secret: spec.hub.database.name, key: spec.hub.database.key },
    canaryIntervalMs: durationMs(spec.canaryInterval),
    writeBoundMs: durationMs(spec.latencyBound),
    limits: mayRepair(spec)
      ? { ...DEFAULT_LIMITS, maxPerHour: spec.repair?.maxPerHour ?? DEFAULT_MAX_PER_HOUR }
      : undefined,
    guardsEveryMs: durationMs((spec.guards ?? DEFAULT_GUARDS).every),
    drill:
      spec.drill === undefined
        ? undefined
        : { everyMs: durationMs(spec.drill.every), label: spec.drill.app, events: spec.drill.events },
  };
}

/** The API server refuses the same; an older definition of the resource may not. */
function mayRepair({ remedy, environment, repair }: TruthTableSpec): boolean {
  return remedy === 'Repair' && (environment !== 'production' || repair?.approvedBy !== undefined);
}

/**
 * Pure: why the spec speaks of something else than what would be looked at; undefined when it does not. Objects are named
 * by what they are (architecture, section 9), so another name is another system.
 */
export function unusable(spec: TruthTableSpec, namespace: string): string | undefined {
  const named: { label: ServedLabel; where: string; workload: string; url: string }[] = [
    { label: HUB_LABEL, where: 'hub', workload: spec.hub.workload.name, url: spec.hub.url },
    ...spec.apps.map(({ label, workload, url }) => ({
      label,
      where: `apps[${label}]`,
      workload: workload.name,
      url,
    })),
  ];
  for (const { label, where, workload, url } of named) {
    const wanted = objectName(label);
    if (workload !== wanted) return `${where}.workload is ${workload}; ${label} is looked for as ${wanted}.`;
    if (serviceAddress(url, namespace)?.service !== wanted)
      return `${where}.url is not an address of the Service ${wanted} of namespace ${namespace}.`;
  }
  return undefined;
}
