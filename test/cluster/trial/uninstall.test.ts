import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@scholar/runtime/testing';
import { expectExactRows } from '../../harness/exact-rows.ts';
import { kubectl } from '../../harness/kubectl.ts';
import { repositoryRoot } from '../../harness/local-system.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { helm, installRelease } from '../harness/helm.ts';
import { makeBacklog, scaleA8 } from './a8-away.ts';
import { CLUSTER_PATIENCE, INSTALL_TIMEOUT_MS, openTrial, trialRelease } from './trial.ts';

let system: ClusterSystem;

beforeAll(async () => {
  system = await openTrial();
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

/** What Kubernetes itself puts into every namespace, and its notes about what happened. */
const NOT_OURS = /^(configmap\/kube-root-ca\.crt|serviceaccount\/default|event(\.events\.k8s\.io)?\/.*)$/u;

/** The operator makes them itself; Helm does not know them. */
const TABLE = ['lease.coordination.k8s.io/scholar-operator', 'truthtable.scholar.dev/scholar'];

test(
  "uninstall leaves the volume claims, the generated Secrets, the pod of the last `helm test` and the operator's table with its Lease, nothing else; installed again, the backlog arrives",
  async () => {
    const claims = await names('persistentvolumeclaims');
    const secrets = (await names('secrets')).filter((name) => !name.startsWith('secret/sh.helm.release.'));
    expect(claims).toHaveLength(8);
    expect(secrets).toContain('secret/auto-com-center-keys');
    await helm(4, 'test', 'scholar', '--namespace', system.namespace, '--timeout', '5m');
    await scaleA8(system.namespace, 0);
    const ids = await makeBacklog(system, 20);
    await uninstall();
    await expectLeft([...claims, ...secrets, ...TABLE, 'pod/scholar-test'].sort());
    await installRelease(trialRelease(system));
    await expectExactRows(system, ids, CLUSTER_PATIENCE.rowsMs);
    await system.verified();
  },
  INSTALL_TIMEOUT_MS,
);

test(
  "after uninstall, the page's command removes what was left",
  async () => {
    await uninstall();
    const page = await readFile(join(repositoryRoot, 'docs', 'kubernetes.md'), 'utf8');
    const told = /`kubectl -n scholar (delete [^`]*)`/u.exec(page)?.[1] ?? '';
    expect(told).not.toBe('');
    await kubectl('-n', system.namespace, ...told.split(' '));
    await expectLeft([]);
  },
  INSTALL_TIMEOUT_MS,
);

async function uninstall(): Promise<void> {
  const where = ['--namespace', system.namespace, '--ignore-not-found'];
  await helm(4, 'uninstall', 'scholar', ...where, '--wait', '--timeout', '10m');
}

/** The cluster takes away what belonged to a deleted object in its own time. */
async function expectLeft(names: readonly string[]): Promise<void> {
  const settled = async () => JSON.stringify(await everything()) === JSON.stringify(names);
  await waitFor(settled, { timeoutMs: 180_000, intervalMs: 1_000 }).catch(() => undefined);
  expect(await everything()).toEqual(names);
}

/** Everything in the namespace that is not the cluster's own, as `kind/name`, sorted. */
async function everything(): Promise<string[]> {
  const kinds = await kubectl('api-resources', '--namespaced', '--verbs=list,delete', '--output=name');
  const listed = await names(kinds.trim().split('\n').join(','));
  return listed.filter((name) => !NOT_OURS.test(name));
}

async function names(kinds: string): Promise<string[]> {
  const listed = await kubectl('get', kinds, '-n', system.namespace, '--output=name');
  return listed
    .split('\n')
    .filter((name) => name !== '')
    .sort();
}
