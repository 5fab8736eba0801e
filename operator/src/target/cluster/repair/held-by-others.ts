import type { Judged } from '../../../audit/judged.ts';
import type { ServedLabel } from '../../../audit/remedy.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import { RepairRefused } from '../../../remedy/ledger.ts';
import { repairName } from './placement.ts';
import { CONFIG_MAPS, readRepairObject, SECRETS } from './repair-object.ts';

/** Findings of an app whose `<app>-repair` another hand holds have no remedy but to look at it; a dry run says so too. */
export async function heldByOthers(
  judged: readonly Judged[],
  at: { api: KubeApi; namespace: string },
): Promise<Judged[]> {
  const labels = new Set(judged.filter(({ remedies }) => remedies.length > 0).map(({ label }) => label));
  const reasons = new Map<ServedLabel, string>();
  for (const label of labels) {
    const reason = await refusalOf(label, at);
    if (reason !== undefined) reasons.set(label, reason);
  }
  return judged.map((finding) => {
    const reason = finding.remedies.length > 0 ? reasons.get(finding.label) : undefined;
    return reason === undefined ? finding : { ...finding, remedies: [], advice: reason };
  });
}

async function refusalOf(
  label: ServedLabel,
  { api, namespace }: { api: KubeApi; namespace: string },
): Promise<string | undefined> {
  const at = { api, namespace, name: repairName(label), labels: {} };
  try {
    await readRepairObject({ ...at, resource: CONFIG_MAPS });
    await readRepairObject({ ...at, resource: SECRETS });
    return undefined;
  } catch (cause) {
    if (cause instanceof RepairRefused) return cause.message;
    throw cause;
  }
}
