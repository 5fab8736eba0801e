import { captureChild } from './child.ts';

/** What every namespace of a run of the cluster tests carries (test/cluster/harness/namespace.ts sets it). */
export const RUN_LABEL = 'scholar.dev/test-run';

/** Deletes the namespaces of a run, and waits until they are gone. */
export async function deleteNamespaces(run: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ['delete', 'namespaces', '-l', `${RUN_LABEL}=${run}`, '--wait=true', '--timeout=300s'];
  await captureChild('kubectl', args, { env });
}

/** Prints pods and events of a run: what a failure is understood by once the namespaces are gone. */
export async function showNamespaces(run: string, env: NodeJS.ProcessEnv): Promise<void> {
  const listed = await captureChild(
    'kubectl',
    ['get', 'namespaces', '-l', `${RUN_LABEL}=${run}`, '-o', 'name'],
    {
      env,
    },
  );
  for (const name of listed.split('\n').filter((line) => line !== '')) {
    const namespace = name.replace('namespace/', '');
    const pods = await captureChild('kubectl', ['get', 'pods', '-n', namespace, '-o', 'wide'], { env });
    const events = await captureChild(
      'kubectl',
      ['get', 'events', '-n', namespace, '--sort-by=.lastTimestamp'],
      {
        env,
      },
    );
    console.log(`${namespace}:\n${pods}\n${events.split('\n').slice(-40).join('\n')}`);
  }
}
