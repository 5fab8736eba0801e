import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitFor } from '@scholar/runtime/testing';
import { CONTAINERD_SOCKET, NODE_SHELL } from './environment.ts';
import { containerStatus, isReady, podsOf } from './pods.ts';

const run = promisify(execFile);

export interface ContainerOf {
  namespace: string;
  /** Name of the object that the pod belongs to, such as auto-com-center; it has one pod. */
  object: string;
  container: string;
}

/**
 * Kills the first process of a container with -9, on the node: nobody in the pod gets a word. Resolves when the kubelet
 * has started it again and the pod is ready.
 */
export async function killContainer(which: ContainerOf): Promise<void> {
  const before = await started(which);
  await onNode('kill', '-9', await processId(before.id));
  await waitFor(async () => (await started(which)).restarts > before.restarts, {
    timeoutMs: 300_000,
    intervalMs: 300,
    what: `a new ${which.container} of ${which.object}`,
  });
  await waitFor(async () => (await podsOf(which.namespace, which.object)).every(isReady), {
    timeoutMs: 300_000,
    intervalMs: 300,
    what: `${which.object} ready again`,
  });
}

/** @throws Error while the container does not run. */
async function started({
  namespace,
  object,
  container,
}: ContainerOf): Promise<{ id: string; restarts: number }> {
  const [pod] = await podsOf(namespace, object);
  const status = pod === undefined ? undefined : containerStatus(pod, container);
  if (status?.containerID === undefined || status.state?.running === undefined)
    throw new Error(`${container} of ${object} does not run`);
  return { id: status.containerID.replace('containerd://', ''), restarts: status.restartCount };
}

/** containerd knows the process of each container by the id that Kubernetes shows. */
async function processId(id: string): Promise<string> {
  const tasks = await onNode('ctr', '-a', CONTAINERD_SOCKET, '-n', 'k8s.io', 'tasks', 'ls');
  const pid = tasks
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .find(([task]) => task === id)?.[1];
  if (pid === undefined) throw new Error(`the node has no process of container ${id}`);
  return pid;
}

async function onNode(...command: string[]): Promise<string> {
  const [program = '', ...args] = [...NODE_SHELL, ...command];
  return (await run(program, args)).stdout;
}
