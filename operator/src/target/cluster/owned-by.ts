import type { ObjectMeta } from '../../kube/api-call.ts';
import type { Workload } from './installed.ts';

/**
 * Pure: metadata by which Kubernetes takes an object away with the workload of its app. It asks for no right over the
 * workload: only `blockOwnerDeletion: true` would (OwnerReferencesPermissionEnforcement).
 */
export function ownedBy({
  kind,
  name,
  uid,
}: Pick<Workload, 'kind' | 'name' | 'uid'>): Pick<ObjectMeta, 'ownerReferences'> {
  if (uid === undefined) return {};
  const owner = { apiVersion: 'apps/v1', kind, name, uid, controller: false, blockOwnerDeletion: false };
  return { ownerReferences: [owner] };
}
