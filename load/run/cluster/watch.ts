import { systemClock } from '@scholar/runtime/clock';
import { z } from 'zod';
import { CONTAINER } from './job.ts';
import type { Kubectl } from './kubectl.ts';
import { NAME } from './pod.ts';

const LOOK_EVERY_MS = 1_000;
/** A pod that has not begun by then will not: image, quota or policy. */
const START_TIMEOUT_MS = 300_000;

const state = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.object({}).optional(),
  terminated: z.object({ exitCode: z.number(), reason: z.string().optional() }).optional(),
});
const pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({
        phase: z.string().optional(),
        message: z.string().optional(),
        initContainerStatuses: z.array(z.object({ name: z.string(), state })).optional(),
        containerStatuses: z.array(z.object({ name: z.string(), state })).optional(),
      }),
    }),
  ),
});

/** What the kubelet says of a container that it will not get to start by itself. */
const HOPELESS = new Set([
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

/** @returns name of the pod, as soon as its container runs or has run. @throws Error that says why it does not begin */
export async function untilStarted(kubectl: Kubectl, signal: AbortSignal): Promise<string> {
  let why = 'no pod was made';
  for (const end = performance.now() + START_TIMEOUT_MS; performance.now() < end; ) {
    signal.throwIfAborted();
    const pod = await podOf(kubectl);
    const load = pod?.status.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;
    if (pod !== undefined && (load?.running ?? load?.terminated) !== undefined) return pod.metadata.name;
    const init = pod?.status.initContainerStatuses?.map((each) => each.state) ?? [];
    const waiting = [...init, load].map((each) => each?.waiting).find((each) => each?.message !== undefined);
    if (pod !== undefined)
      why = waiting?.message ?? pod.status.message ?? `its pod is ${pod.status.phase ?? 'unknown'}`;
    if (pod?.status.phase === 'Failed' || HOPELESS.has(waiting?.reason ?? '')) break;
    await systemClock.sleep(LOOK_EVERY_MS, signal);
  }
  throw new Error(
    `the Job ${NAME} did not begin: ${why}. \`kubectl describe job,pod -l app.kubernetes.io/name=${NAME}\``,
  );
}

/** @returns exit code of the container, once it has ended */
export async function untilEnded(kubectl: Kubectl, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const pod = await podOf(kubectl);
    const load = pod?.status.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;
    if (load?.terminated !== undefined) return load.terminated.exitCode;
    if (pod === undefined || pod.status.phase === 'Failed')
      throw new Error(`the pod of the Job ${NAME} is gone: ${pod?.status.message ?? 'somebody deleted it'}`);
    await systemClock.sleep(LOOK_EVERY_MS, signal);
  }
}

async function podOf(kubectl: Kubectl) {
  const selector = `batch.kubernetes.io/job-name=${NAME}`;
  return pods.parse(JSON.parse(await kubectl(['get', 'pods', '-l', selector, '-o', 'json']))).items[0];
}
