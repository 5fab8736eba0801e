import type { ClusterTold } from '../evidence/operated.ts';
import { code } from './cells.ts';

/** Pure: which cluster a page speaks of. */
export function clusterLine({ namespace, server, images }: ClusterTold): string {
  const run = images.map(
    ({ image, id, containers }) => `${code(image)} in ${containers} containers (${code(shortId(id))})`,
  );
  return `Kubernetes ${server}, namespace ${code(namespace)}. Running: ${run.join(', ')}.`;
}

/** The digest of an image id such as `docker.io/library/postgres@sha256:0123…`, as far as people compare it. */
function shortId(id: string): string {
  const digest = /sha256:[0-9a-f]{12}/u.exec(id)?.[0];
  return digest ?? id;
}
