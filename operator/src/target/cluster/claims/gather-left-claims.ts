import { APP_LABELS, type AppLabel } from '@scholar/contract';
import type { LeftClaimView } from '../../../audit/snapshot.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import type { DesiredSource } from '../desired-view.ts';
import { repairName } from '../repair/placement.ts';
import { readDrains } from './drain-record.ts';
import { leftClaimsOf, leftClaimViews } from './left-claims.ts';
import { readClaims } from './read-claims.ts';

/** By app; none at all where claims may not be listed. */
export type LeftClaims = ReadonlyMap<AppLabel, readonly LeftClaimView[]>;

/** One list of the claims, and a Lease for each app that has left one. @throws KubeError */
export async function gatherLeftClaims(source: DesiredSource & { api: KubeApi }): Promise<LeftClaims> {
  const { api, installed } = source;
  const { namespace } = installed;
  const left = new Map<AppLabel, readonly LeftClaimView[]>();
  const claims = await readClaims(api, namespace);
  if (claims === undefined) return left;
  for (const label of APP_LABELS) {
    const some = leftClaimsOf(source, label, claims).length > 0;
    const drains = some ? await readDrains({ api, namespace, name: repairName(label) }) : [];
    left.set(label, leftClaimViews(source, label, { claims, drains }));
  }
  return left;
}
