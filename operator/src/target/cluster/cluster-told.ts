import { systemClock } from '@scholar/runtime/clock';
import { TRUTH_TABLES } from '../../controller/truth-tables.ts';
import type { TruthTableSpec } from '../../crd/spec.ts';
import type { TruthTableStatus } from '../../crd/status.ts';
import type { ClusterTold, TableTold } from '../../evidence/operated.ts';
import type { KubeApi, KubeObject } from '../../kube/api-call.ts';
import { createTransport } from '../../kube/api-transport.ts';
import type { LoadedConfig } from '../../kube/kube-config.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { V1Pod } from '../../kube/objects.ts';
import { createServerAsker } from '../../kube/server-facts.ts';

/** What a page about a cluster names it by. @throws KubeError when the API server does not answer. */
export async function clusterTold(
  loaded: LoadedConfig,
  { api, pods }: { api: KubeApi; pods: readonly V1Pod[] },
): Promise<ClusterTold> {
  const { namespace } = loaded;
  const asker = createServerAsker(createTransport(loaded, systemClock), loaded, systemClock.now);
  const [{ version: server }, tables] = await Promise.all([asker.facts(), readTables(api, namespace)]);
  return { namespace, server, images: imagesOf(pods), tables };
}

/** Pure: which images run, the most used first. What does not run says nothing. */
export function imagesOf(pods: readonly V1Pod[]): ClusterTold['images'] {
  const found = new Map<string, ClusterTold['images'][number]>();
  for (const { status } of pods) {
    const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
    for (const { image, imageID: id, state } of all) {
      if (state?.running === undefined || state.running === null) continue;
      const key = `${image} ${id}`;
      found.set(key, { image, id, containers: (found.get(key)?.containers ?? 0) + 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.containers - a.containers || a.image.localeCompare(b.image));
}

async function readTables(api: KubeApi, namespace: string): Promise<TableTold[] | undefined> {
  try {
    const { items } = await api.request<{ items: TruthTableObject[] }>({
      verb: 'list',
      resource: TRUTH_TABLES,
      namespace,
    });
    return items.map(({ metadata: { name }, spec, status }) => ({ name, spec, status }));
  } catch (cause) {
    if (cause instanceof KubeError && [403, 404].includes(cause.status ?? 0)) return undefined;
    throw cause;
  }
}

interface TruthTableObject extends KubeObject {
  spec: TruthTableSpec;
  status: TruthTableStatus;
}
