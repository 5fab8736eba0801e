import { systemClock } from '@scholar/runtime/clock';
import { waitFor } from '@scholar/runtime/testing';
import { TRUTH_TABLES } from '../src/controller/truth-tables.ts';
import { type KubeApi, type KubeObject, keyOf } from '../src/kube/api-call.ts';
import { watchOnce } from '../src/kube/watch-stream.ts';
import { changeTable, nameOf, namespaceOf } from './tables.ts';

/**
 * For each of `count` tables, one after the other: milliseconds from sending a change of the spec until our own watch
 * shows the status that the operator wrote for it. That is more than "seen": it holds the change, the operator's pass,
 * its write, and the way back.
 */
export async function changesSeen(
  api: KubeApi,
  count: number,
  random: () => number,
  objects: number,
): Promise<number[]> {
  const observed = new Map<string, number>();
  const stop = new AbortController();
  const { metadata } = await api.request<{ metadata: { resourceVersion: string } }>({
    verb: 'list',
    resource: TRUTH_TABLES,
    query: { limit: 1 },
  });
  const watching = watchOnce({
    api,
    call: { resource: TRUTH_TABLES, query: { watch: true, resourceVersion: metadata.resourceVersion } },
    idleMs: 600_000,
    clock: systemClock,
    signal: stop.signal,
    onEvent: ({ object }) => {
      const { status } = object as KubeObject & { status?: { observedGeneration?: number } };
      observed.set(keyOf(object.metadata), status?.observedGeneration ?? 0);
    },
  }).catch((cause: unknown) => {
    if (!stop.signal.aborted) throw cause;
  });
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const index = Math.floor(random() * objects);
    const key = keyOf({ namespace: namespaceOf(index), name: nameOf(index) });
    const sentAt = performance.now();
    const generation = await changeTable(api, index, 60 + done);
    await waitFor(() => (observed.get(key) ?? 0) >= generation, {
      timeoutMs: 60_000,
      intervalMs: 1,
      what: key,
    });
    times.push(performance.now() - sentAt);
  }
  stop.abort();
  await watching;
  return times;
}
