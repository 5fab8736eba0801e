import { z } from 'zod';
import type { KubeApi, Resource } from '../../../kube/api-call.ts';
import { KubeError } from '../../../kube/kube-error.ts';

const CLAIMS: Resource = {
  group: '',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
};

/** A PersistentVolumeClaim, as far as it matters whether anything lies on it. */
export interface Claim {
  name: string;
  createdAt: string;
  phase: string;
  /** Somebody has deleted it; it goes when no pod uses it. */
  leaving: boolean;
}

const listSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        creationTimestamp: z.string(),
        deletionTimestamp: z.string().optional(),
      }),
      status: z.object({ phase: z.string().default('Pending') }).default({ phase: 'Pending' }),
    }),
  ),
});

/** The claims of a namespace; undefined where they may not be listed. @throws KubeError */
export async function readClaims(api: KubeApi, namespace: string): Promise<Claim[] | undefined> {
  try {
    const answer = await api.request<unknown>({ verb: 'list', resource: CLAIMS, namespace });
    return listSchema.parse(answer).items.map(({ metadata, status }) => ({
      name: metadata.name,
      createdAt: metadata.creationTimestamp,
      phase: status.phase,
      leaving: metadata.deletionTimestamp !== undefined,
    }));
  } catch (cause) {
    if (cause instanceof KubeError && cause.status === 403) return undefined;
    throw cause;
  }
}
