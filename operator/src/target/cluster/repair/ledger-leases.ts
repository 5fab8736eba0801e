import { z } from 'zod';
import type { ServedLabel } from '../../../audit/remedy.ts';
import type { KubeApi, ObjectMeta } from '../../../kube/api-call.ts';
import { KubeError } from '../../../kube/kube-error.ts';
import { LEASES, type Lease, microTime } from '../../../kube/lease.ts';
import type { V1Pod } from '../../../kube/objects.ts';
import { attemptSchema } from '../../../remedy/attempt-schema.ts';
import { type Attempt, CLAIM_MS, type LedgerEntry, NO_REPAIRS } from '../../../remedy/budget.ts';
import type { LedgerStore } from '../../../remedy/ledger.ts';
import { isHolderGone, podOfHolder } from './operator-holder.ts';
import { repairName } from './placement.ts';

/** The attempts of the last hour, as JSON: the Lease that says who repairs an app is also where its repairs are counted. */
const ATTEMPTS = 'scholar.dev/repairs';

const attemptsSchema = z.array(attemptSchema);

/** With what a Lease that is made goes away. */
type OwnerOf = (label: ServedLabel) => Pick<ObjectMeta, 'ownerReferences'>;

/**
 * A Lease `<app>-repair` for each app. Its version is what somebody else's write is noticed by.
 * @param deps.pods asked only where an operator holds an app: what a process that has ended held is free, and its attempt counts.
 */
export function ledgerLeases(
  api: KubeApi,
  namespace: string,
  { pods, ownerOf = () => ({}) }: { pods: () => Promise<V1Pod[]>; ownerOf?: OwnerOf },
): LedgerStore {
  const get = (name: string): Promise<Lease> =>
    api.request<Lease>({ verb: 'get', resource: LEASES, namespace, name });
  return {
    read: async (label) => {
      try {
        const lease = await get(repairName(label));
        const entry = entryOf(lease);
        const isGone = podOfHolder(entry.holder) !== undefined && isHolderGone(entry, await pods());
        return {
          entry: isGone ? { ...entry, holder: '', until: 0 } : entry,
          version: lease.metadata.resourceVersion,
        };
      } catch (cause) {
        if (cause instanceof KubeError && cause.status === 404)
          return { entry: NO_REPAIRS, version: undefined };
        throw cause;
      }
    },
    write: async (label, entry, { version }) => {
      const name = repairName(label);
      try {
        if (version === undefined) {
          const body = leaseOf(entry, { name, namespace, ...ownerOf(label) });
          await api.request({ verb: 'create', resource: LEASES, namespace, body });
          return true;
        }
        // What else is written there stays: owners, which only somebody who may delete it changes, and what drains saw.
        const { metadata } = await get(name);
        if (metadata.resourceVersion !== version) return false;
        await api.request({
          verb: 'update',
          resource: LEASES,
          namespace,
          name,
          body: leaseOf(entry, metadata),
        });
        return true;
      } catch (cause) {
        if (cause instanceof KubeError && (cause.status === 409 || cause.status === 404)) return false;
        throw cause;
      }
    },
  };
}

/** Pure: an end in the past where nobody holds it. */
export function entryOf({ metadata, spec }: Pick<Lease, 'metadata' | 'spec'>): LedgerEntry {
  const { holderIdentity: holder = '', renewTime = '', leaseDurationSeconds = 0 } = spec;
  const renewed = Date.parse(renewTime);
  return {
    holder,
    until: Number.isNaN(renewed) ? 0 : renewed + leaseDurationSeconds * 1_000,
    attempts: attemptsOf(metadata.annotations?.[ATTEMPTS]),
  };
}

function attemptsOf(text: string | undefined): readonly Attempt[] {
  try {
    return attemptsSchema.parse(JSON.parse(text ?? '[]'));
  } catch {
    // What nobody can read holds nobody up.
    return [];
  }
}

/** Pure: the entry in a Lease of this metadata. */
export function leaseOf({ holder, until, attempts }: LedgerEntry, metadata: ObjectMeta): Lease {
  const held = {
    holderIdentity: holder,
    leaseDurationSeconds: CLAIM_MS / 1_000,
    renewTime: microTime(until - CLAIM_MS),
  };
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'scholar-operator' },
      annotations: { ...metadata.annotations, [ATTEMPTS]: JSON.stringify(attempts) },
    },
    spec: holder === '' ? { holderIdentity: '' } : held,
  };
}
