import { z } from 'zod';
import type { DrainSeen } from '../../../audit/snapshot.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import { KubeError } from '../../../kube/kube-error.ts';
import { LEASES, type Lease } from '../../../kube/lease.ts';

/** What the last drain of a claim saw, and of which generation of the workload: a later one may have used the claim. */
export interface DrainRecord extends DrainSeen {
  claim: string;
  generation: number;
}

/** Beside the attempts, in the Lease that says who repairs an app: whoever drains holds it, so nobody else writes it. */
const DRAINS = 'scholar.dev/drains';

const recordsSchema = z.array(
  z.object({
    claim: z.string(),
    generation: z.number(),
    at: z.string(),
    found: z.number(),
    left: z.number(),
    dead: z.number(),
    quarantined: z.number(),
    why: z.string(),
  }),
);

/** Pure: what nobody can read is not known. */
export function drainsIn({ metadata }: Pick<Lease, 'metadata'>): DrainRecord[] {
  try {
    return recordsSchema.parse(JSON.parse(metadata.annotations?.[DRAINS] ?? '[]'));
  } catch {
    return [];
  }
}

interface LeaseAt {
  api: KubeApi;
  namespace: string;
  name: string;
}

/** @returns none where there is no such Lease or it may not be read: then nothing is known of any claim. */
export async function readDrains({ api, namespace, name }: LeaseAt): Promise<DrainRecord[]> {
  try {
    return drainsIn(await api.request<Lease>({ verb: 'get', resource: LEASES, namespace, name }));
  } catch (cause) {
    if (cause instanceof KubeError && (cause.status === 404 || cause.status === 403)) return [];
    throw cause;
  }
}

/** Puts a record in the place of the one before it. Only whoever holds the Lease calls this. @throws KubeError */
export async function writeDrain({ api, namespace, name }: LeaseAt, record: DrainRecord): Promise<void> {
  const lease = await api.request<Lease>({ verb: 'get', resource: LEASES, namespace, name });
  const others = drainsIn(lease).filter(({ claim }) => claim !== record.claim);
  const annotations = {
    ...lease.metadata.annotations,
    [DRAINS]: JSON.stringify([...others, record].slice(-KEPT)),
  };
  const body = { ...lease, metadata: { ...lease.metadata, annotations } };
  await api.request({ verb: 'update', resource: LEASES, namespace, name, body });
}

/** An annotation has room for more; an app has hardly ever had so many replicas. */
const KEPT = 50;
