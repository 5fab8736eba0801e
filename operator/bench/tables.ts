import { TRUTH_TABLES } from '../src/controller/truth-tables.ts';
import type { KubeApi, KubeObject } from '../src/kube/api-call.ts';

/** Tables lie in so many namespaces; nothing of the measurement depends on it but the keys. */
const NAMESPACES = 20;
const AT_ONCE = 24;

export const namespaceOf = (index: number): string => `bench-${index % NAMESPACES}`;
export const nameOf = (index: number): string => `table-${index}`;

/** Creates `count` tables with the spec of the sample: seven apps each. */
export async function createTables(api: KubeApi, sample: KubeObject, count: number): Promise<void> {
  const namespaces = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace' };
  for (let index = 0; index < NAMESPACES; index += 1) {
    const metadata = { name: namespaceOf(index) };
    await api.request({
      verb: 'create',
      resource: namespaces,
      body: { apiVersion: 'v1', kind: 'Namespace', metadata },
    });
  }
  let next = 0;
  const create = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const metadata = { name: nameOf(index), namespace: namespaceOf(index) };
      await api.request({
        verb: 'create',
        resource: TRUTH_TABLES,
        namespace: metadata.namespace,
        body: { ...sample, metadata },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, create));
}

/** Changes the spec of one table. @returns its new generation. */
export async function changeTable(api: KubeApi, index: number, seconds: number): Promise<number> {
  const changed = await api.request<KubeObject>({
    verb: 'patch',
    resource: TRUTH_TABLES,
    namespace: namespaceOf(index),
    name: nameOf(index),
    contentType: 'application/merge-patch+json',
    body: { spec: { canaryInterval: `${seconds}s` } },
  });
  return changed.metadata.generation ?? 0;
}
