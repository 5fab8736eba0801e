import { captureChild } from './child.ts';

/** What every namespace of a run of the cluster tests carries (test/cluster/harness/namespace.ts sets it). */
export const RUN_LABEL = 'scholar.dev/test-run';

/** Deletes the namespaces of a run, and waits until they are gone. */
export async function deleteNamespaces(run: string, env: NodeJS.ProcessEnv): Promise<void> {
  const names = await namespacesOf(run, env);
  await Promise.all(names.map((name) => deleteNamespace(name, env)));
}

/**
 * Deletes a namespace, and waits until it is gone. Its pods get a second to stop: the time that they have of themselves is for
 * requests and events of somebody who is still there.
 */
export async function deleteNamespace(name: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const wait = ['--wait=true', '--timeout=300s'];
  const kubectl = (...args: string[]) => captureChild('kubectl', args, { env });
  // Nobody makes a pod anew once its owner is on its way out, and the owners leave the pods to us.
  const owners = 'deployments.apps,replicasets.apps,statefulsets.apps';
  await kubectl('delete', owners, '--all', '-n', name, '--cascade=orphan', ...wait);
  await kubectl('delete', 'pods', '--all', '-n', name, '--grace-period=1', ...wait);
  await kubectl('delete', 'namespace', name, '--ignore-not-found', ...wait);
}

/** Prints pods and events of a run, and the last words of pods that are not ready: what a failure is understood by once the namespaces are gone. */
export async function showNamespaces(run: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const namespace of await namespacesOf(run, env)) {
    const kubectl = (...args: string[]) => captureChild('kubectl', [...args, '-n', namespace], { env });
    const pods = await kubectl('get', 'pods', '-o', 'wide');
    const events = await kubectl('get', 'events', '--sort-by=.lastTimestamp');
    console.log(`${namespace}:\n${pods}\n${events.split('\n').slice(-40).join('\n')}`);
    for (const pod of unreadyPods(pods)) {
      const logs = ['logs', pod, '--all-containers', '--prefix', '--tail=30'];
      const words = await kubectl(...logs).catch((cause: Error) => cause.message);
      console.log(`${namespace}, ${pod} said:\n${words}`);
    }
  }
}

/** Names of the pods of such a list of which not every container is ready, but for those that have done their work. */
export function unreadyPods(list: string): string[] {
  return list.split('\n').flatMap((line) => {
    const [name = '', ready = '', status = ''] = line.split(/\s+/);
    const [are, of] = ready.split('/');
    return /^\d+$/.test(are ?? '') && are !== of && status !== 'Completed' ? [name] : [];
  });
}

async function namespacesOf(run: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const args = ['get', 'namespaces', '-l', `${RUN_LABEL}=${run}`, '-o', 'name'];
  const listed = await captureChild('kubectl', args, { env });
  const names = listed.split('\n').filter((line) => line !== '');
  return names.map((name) => name.replace('namespace/', ''));
}
