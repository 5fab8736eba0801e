import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import { IMAGE } from '../harness/environment.ts';
import { type HelmVersion, helm, releaseValues } from '../harness/helm.ts';

export const CHARTS = join(repositoryRoot, 'charts');

export interface ChartRelease {
  namespace: string;
  chart: 'service' | 'hub' | 'operator' | 'scholar';
  /** Name of the release; that of the chart where it is left out. */
  name?: string;
  /** Values files under charts/. */
  values: readonly string[];
  /** Values that this cluster needs over those of the files, by path. */
  set?: Record<string, unknown>;
  version?: HelmVersion;
  /** Whether Helm waits until everything is ready. */
  ready?: boolean;
}

/** `helm upgrade --install` of one chart. @returns nothing; where `ready` is not false, everything is ready then. */
export async function installChart(release: ChartRelease): Promise<void> {
  const { chart, version = 4, ready = true } = release;
  const wait = ready ? ['--wait', '--timeout', '10m'] : [];
  await helm(
    version,
    ...['upgrade', '--install', nameOf(release), join(CHARTS, chart), ...chartValues(release), ...wait],
  );
}

export async function uninstallChart(release: ChartRelease): Promise<void> {
  await helm(release.version ?? 4, 'uninstall', nameOf(release), '--namespace', release.namespace);
}

/**
 * The same installations of a namespace once more.
 * @returns workloads and pods before and after: they are to be the same.
 */
export async function upgradeUnchanged(
  namespace: string,
  releases: readonly ChartRelease[],
): Promise<{ before: string; after: string }> {
  const before = await whatRuns(namespace);
  await Promise.all(releases.map(installChart));
  return { before, after: await whatRuns(namespace) };
}

/** Every workload with the number of its changes, and every pod with its id and restarts, that is not on its way out. */
async function whatRuns(namespace: string): Promise<string> {
  const { items } = JSON.parse(
    await kubectl('get', 'statefulsets,deployments,pods', '-n', namespace, '-o', 'json'),
  ) as { items: Running[] };
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ kind, metadata: { name, uid, generation }, status }) => {
      if (kind !== 'Pod') return `${kind} ${name} changed ${generation} times`;
      const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
      return `Pod ${name} ${uid} ${containers.map((each) => `${each.name} restarted ${each.restartCount}`)}`;
    })
    .sort()
    .join('\n');
}

interface Running {
  kind: string;
  metadata: { name: string; uid: string; generation?: number; deletionTimestamp?: string };
  status?: { containerStatuses?: ContainerState[]; initContainerStatuses?: ContainerState[] };
}

interface ContainerState {
  name: string;
  restartCount: number;
}

/** What Kubernetes itself writes into a namespace, and what it forgets by itself. */
const NOT_OURS =
  /^(event|lease|endpoint|pod\.metrics|configmap\/kube-root-ca\.crt|serviceaccount\/default$)/u;

/** Resolves with `kind/name` of every object of a namespace, of whatever kind the cluster knows. */
export async function objectsOf(namespace: string): Promise<string[]> {
  const listed = await kubectl('api-resources', '--namespaced', '--verbs=list,delete', '-o', 'name');
  const kinds = listed.split('\n').filter((kind) => kind !== '' && !NOT_OURS.test(kind));
  const objects = await kubectl('get', kinds.join(','), '-n', namespace, '-o', 'name', '--ignore-not-found');
  return objects
    .split('\n')
    .filter((name) => name !== '' && !NOT_OURS.test(name))
    .sort();
}

/** What `helm uninstall` leaves, as docs/kubernetes.md says: Secrets, claims, the pod of the last `helm test`, and the operator's table. */
const STAYS =
  /^(secret\/(?!sh\.helm\.)|persistentvolumeclaim\/(outbox|data)-|pod\/scholar-test$|truthtable\.scholar\.dev\/scholar$)/u;

/**
 * Waits until a namespace holds only what may stay after an uninstallation, and what was there `before`.
 * @returns all that is there. @throws Error with what else does not go.
 */
export async function objectsThatStay(namespace: string, before: readonly string[] = []): Promise<string[]> {
  const known = new Set(before);
  let others: string[] = [];
  await waitFor(
    async () => {
      others = (await objectsOf(namespace)).filter((name) => !STAYS.test(name) && !known.has(name));
      return others.length === 0;
    },
    { timeoutMs: 180_000, intervalMs: 1_000, what: `an uninstalled release to go from ${namespace}` },
  ).catch((cause: Error) => {
    throw new Error(`${cause.message}; still there: ${others.join(' ')}`);
  });
  return objectsOf(namespace);
}

function nameOf({ name, chart }: ChartRelease): string {
  return name ?? chart;
}

function chartValues({ namespace, chart, values, set = {} }: ChartRelease): string[] {
  const files = values.map((file) => join(CHARTS, file));
  const own = Object.entries(set).flatMap(([key, value]) => [
    '--set-json',
    `${key}=${JSON.stringify(value)}`,
  ]);
  if (chart === 'scholar')
    return ['--namespace', namespace, ...releaseValues({ namespace, dev: false, values: files }), ...own];
  const colon = IMAGE.lastIndexOf(':');
  // Where a values file names a registry and a digest, there is no image of that name here.
  const image = { registry: '', repository: IMAGE.slice(0, colon), tag: IMAGE.slice(colon + 1), digest: '' };
  return [
    ...['--namespace', namespace],
    ...files.flatMap((file) => ['--values', file]),
    ...['--set-json', `image=${JSON.stringify(image)}`],
    ...own,
  ];
}
