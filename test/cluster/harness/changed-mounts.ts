import { setTimeout as pause } from 'node:timers/promises';
import { kubectl } from '../../harness/kubectl.ts';

/** Nobody reads it: it only makes a pod another one than it was. */
const ANNOTATION = 'scholar.dev/test-looked-at';
const EVERY_MS = 3_000;

/**
 * While `what` happens, the kubelet brings what changes in Secrets and ConfigMaps into the pods of a namespace within seconds. By
 * itself it does so when it next looks at a pod, up to two minutes later; a change of the pod makes it look now. The processes
 * are told nothing: they notice it, or do not.
 */
export async function whileChangesArrive<T>(namespace: string, what: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const looked = (async () => {
    while (!over.signal.aborted) {
      const pods = ['pods', '--all', '-n', namespace];
      // There may be no pod yet, or one that goes at this moment.
      await kubectl('annotate', ...pods, `${ANNOTATION}=${Date.now()}`, '--overwrite').catch(() => undefined);
      await pause(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  try {
    return await what();
  } finally {
    over.abort();
    await looked;
  }
}
