/** One right in the words of a Role. */
export interface Right {
  verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';
  group: string;
  resource: string;
  subresource?: string;
}

export interface NeededRight extends Right {
  /** It is enough to have it on these objects alone; undefined = on all of the namespace. */
  names?: readonly string[];
  /** What is lost without it, where the verb goes on all the same. */
  optional?: string;
}

/** A verb of the command and what it asks of the API server (docs/cluster-target.md, "Rights"). */
export interface RightsOf {
  verbs: string;
  needs: readonly NeededRight[];
  /** What it means to lack one: who only looks has no need of the rights of a repair. */
  lacking: 'fail' | 'warn';
}

/** Names of objects that are there, or would be. */
export interface NamedObjects {
  secrets: readonly string[];
  configMaps: readonly string[];
  repairs: readonly string[];
  statefulSets: readonly string[];
  deployments: readonly string[];
}

/** Pure: what each verb needs, for the objects of one namespace. */
export function rightsNeeded(named: NamedObjects): RightsOf[] {
  return [
    { verbs: 'audit, verify, events, tail, rejected, trace', needs: toLook(named), lacking: 'fail' },
    { verbs: 'fix', needs: toFix(named), lacking: 'warn' },
  ];
}

function toLook({ secrets, configMaps }: NamedObjects): NeededRight[] {
  const core = { group: '' };
  const apps = { group: 'apps', verb: 'list' } as const;
  return [
    { ...core, verb: 'list', resource: 'pods' },
    { ...core, verb: 'list', resource: 'services' },
    { ...apps, resource: 'statefulsets' },
    { ...apps, resource: 'deployments' },
    { ...core, verb: 'get', resource: 'secrets', names: secrets },
    { ...core, verb: 'get', resource: 'configmaps', names: configMaps },
    { ...core, verb: 'get', resource: 'pods', subresource: 'portforward' },
    { ...core, verb: 'create', resource: 'pods', subresource: 'portforward' },
    {
      ...core,
      verb: 'get',
      resource: 'pods',
      subresource: 'log',
      optional: 'a dead process is named without its last lines',
    },
    {
      ...core,
      verb: 'list',
      resource: 'persistentvolumeclaims',
      optional: 'nothing is said of claims that a scale-down left',
    },
    {
      group: 'bitnami.com',
      verb: 'list',
      resource: 'sealedsecrets',
      optional: 'nothing is said of SealedSecrets',
    },
  ];
}

function toFix({ repairs: names, statefulSets, deployments }: NamedObjects): NeededRight[] {
  const written = (['configmaps', 'secrets'] as const).flatMap((resource): NeededRight[] => [
    { group: '', verb: 'create', resource },
    { group: '', verb: 'patch', resource, names },
    { group: '', verb: 'delete', resource, names },
  ]);
  const pods = {
    group: '',
    resource: 'pods',
    optional: 'claims that a scale-down left are not drained',
  } as const;
  const lease = { group: 'coordination.k8s.io', resource: 'leases' } as const;
  const restarted: NeededRight[] = [
    { group: 'apps', verb: 'patch', resource: 'statefulsets', names: statefulSets },
    { group: 'apps', verb: 'patch', resource: 'deployments', names: deployments },
  ];
  return [
    ...written,
    ...restarted.filter(({ names: some }) => some?.length !== 0),
    { ...pods, verb: 'create' },
    { ...pods, verb: 'delete' },
    { ...lease, verb: 'create' },
    { ...lease, verb: 'get', names },
    { ...lease, verb: 'update', names },
  ];
}
