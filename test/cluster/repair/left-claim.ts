import { randomUUID } from 'node:crypto';
import { type AppLabel, eventHeaders } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { kubeOf, objectName, untilReady } from '../harness/pods.ts';
import { withoutA8 } from '../trial/a8-away.ts';

const INTAKE = 4200;

/**
 * What a scale-down leaves: the second replica of an app acknowledges events while A8 is away, and then there is one
 * replica again. A8 is back afterwards.
 * @returns the ids that lie on the claim of the replica that is gone.
 */
export async function leaveOnClaim(namespace: string, label: AppLabel, count: number): Promise<string[]> {
  const object = objectName(label);
  await scale(namespace, object, 2);
  return withoutA8(namespace, async () => {
    const ids = await emitTo(namespace, { pod: `${object}-1`, label, count });
    await scale(namespace, object, 1);
    return ids;
  });
}

async function scale(namespace: string, object: string, replicas: number): Promise<void> {
  await kubectl('scale', '-n', namespace, `statefulset/${object}`, `--replicas=${replicas}`);
  await untilReady(namespace, object, replicas);
  if (replicas === 1) await untilNoPod(namespace, `${object}-1`);
}

export async function untilNoPod(namespace: string, name: string): Promise<void> {
  await waitFor(async () => !(await podNames(namespace)).includes(name), {
    timeoutMs: 300_000,
    intervalMs: 500,
    what: `no pod ${name}`,
  });
}

export async function podNames(namespace: string): Promise<string[]> {
  return (await kubeOf(namespace).pods()).map(({ metadata }) => metadata?.name ?? '');
}

async function emitTo(
  namespace: string,
  { pod, label, count }: { pod: string; label: AppLabel; count: number },
): Promise<string[]> {
  const forward = await kubeOf(namespace).forward({ pod: async () => pod, port: INTAKE });
  try {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const eventId of ids) {
      const response = await fetch(`http://127.0.0.1:${forward.port}/events`, {
        method: 'POST',
        headers: { ...eventHeaders({ label, eventId }), connection: 'close' },
        body: JSON.stringify({
          event_type: 'PageView',
          occurred_at: new Date().toISOString(),
          actor_id: 'user_1',
          source: '/left-on-a-claim',
          payload: { details: 'left on a claim' },
        }),
      });
      if (response.status !== 202)
        throw new Error(`${pod} answered ${response.status}: ${await response.text()}`);
    }
    return ids;
  } finally {
    await forward.close();
  }
}
