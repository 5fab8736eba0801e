import { randomUUID } from 'node:crypto';
import { type AppLabel, eventHeaders, type Running, runningSchema } from '@scholar/contract';
import { connectKube } from '@scholar/operator/kube-client';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { objectName, readyPod } from '../harness/pods.ts';

const PORT = { http: 8080, forwarderOps: 9465 };

/** What the forwarder of an app says that it runs with. */
export async function runningOf({ namespace }: ClusterSystem, label: AppLabel): Promise<Running> {
  return through(namespace, await readyPod(namespace, objectName(label)), PORT.forwarderOps, async (url) => {
    const response = await fetch(`${url}/running`, { signal: AbortSignal.timeout(10_000) });
    return runningSchema.parse(await response.json());
  });
}

/** @returns the status by which one pod of A8 answers an event that is sent with a key. The event is none: `{}`. */
export async function answerOfA8(
  namespace: string,
  pod: string,
  { label, key }: { label: AppLabel; key: string },
): Promise<number> {
  return through(namespace, pod, PORT.http, async (url) => {
    const headers = { ...eventHeaders({ label, eventId: randomUUID() }), authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/events`, { method: 'POST', headers, body: '{}' });
    return response.status;
  });
}

async function through<T>(
  namespace: string,
  pod: string,
  port: number,
  ask: (url: string) => Promise<T>,
): Promise<T> {
  const forward = await connectKube(process.env, { namespace }).forward({ pod: async () => pod, port });
  try {
    return await ask(`http://127.0.0.1:${forward.port}`);
  } finally {
    await forward.close();
  }
}
