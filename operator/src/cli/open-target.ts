import { CouldNotLook } from '../could-not-look.ts';
import { kubeconfigFound } from '../kube/kubeconfig-found.ts';
import type { SecretSource } from '../target/cluster/repair/secret-from.ts';
import { runningSupervisor } from '../target/local/control-client.ts';
import { openLocalTarget } from '../target/local/local-target.ts';
import type { Target } from '../target/target.ts';
import type { Context } from './context.ts';

/**
 * The target of a verb: what --target says; else the local system where one runs; else the cluster where a kubeconfig
 * is there and --namespace is given; else local, whose message says how to start one.
 */
export async function targetKind({ options, layout, env }: Context): Promise<Target['kind']> {
  if (options.target !== undefined) return options.target;
  if ((await runningSupervisor(layout)) !== undefined) return 'local';
  return options.namespace !== undefined && kubeconfigFound(env) ? 'cluster' : 'local';
}

/** @throws CouldNotLook for a verb that knows this machine only, so that nobody takes its answer for the cluster's. */
export function refuseCluster({ options }: Context): void {
  if (options.target !== 'cluster') return;
  throw new CouldNotLook(
    'This verb looks at the local system only. Of a cluster there are `status`, `audit`, `verify`, `fix`, `drill`, `erase`, `keys`, `staff`, `events`, `tail`, `rejected`, `trace` and `doctor`; see also `kubectl get pods`. The local system is --target local.',
  );
}

/**
 * @param secretFrom of a cluster: where `fix` may copy a missing secret from.
 * @returns what the verb looks at; close it afterwards. @throws CouldNotLook when it is not there.
 */
export async function openTarget(
  context: Context,
  secretFrom: readonly SecretSource[] = [],
): Promise<Target> {
  if ((await targetKind(context)) === 'local') return openLocalTarget(context.layout);
  // The Kubernetes client is large; only who looks at a cluster waits for it.
  const { openClusterTarget } = await import('../target/cluster/cluster-target.ts');
  return openClusterTarget(context.env, context.options, { secretFrom });
}
