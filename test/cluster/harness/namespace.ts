import { apply } from '../../harness/kubectl.ts';
import { RUN_LABEL } from '../../run/cluster-namespaces.ts';
import { RUN } from './environment.ts';

/**
 * Makes a namespace if it is not there yet. It admits only pods of the Pod Security level "restricted", and whoever
 * started the suites deletes it, with everything in it.
 * @param purpose part of its name; the same purpose is the same namespace for all suites of a run.
 */
export async function ensureNamespace(purpose: string): Promise<string> {
  const name = `${purpose}-${RUN}`;
  const labels = { [RUN_LABEL]: RUN, 'pod-security.kubernetes.io/enforce': 'restricted' };
  await apply(undefined, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }]);
  return name;
}
