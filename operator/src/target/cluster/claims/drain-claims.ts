import type { Clock } from '@scholar/runtime/clock';
import type { Remedy } from '../../../audit/remedy.ts';
import { RepairRefused } from '../../../remedy/ledger.ts';
import { type PlacementView, repairName } from '../repair/placement.ts';
import { type DrainDeps, type DrainOutcome, drainClaim, tryDrain } from './drain-claim.ts';
import { type DrainRemedy, drainOf } from './drain-of.ts';
import type { DrainPodOf } from './drain-pod.ts';
import { writeDrain } from './drain-record.ts';

export interface DrainClaimsDeps extends Omit<DrainDeps, 'clock'> {
  clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  view: () => PlacementView;
}

/** @throws RepairRefused, KubeError when the API server would not take a pod. */
export async function tryDrains(deps: DrainClaimsDeps, remedies: readonly Remedy[]): Promise<void> {
  for (const remedy of drainsOf(remedies)) await tryDrain(deps, drainOf(remedy, deps.view()));
}

/**
 * Drains each claim, one after the other, and keeps what was seen in the Lease of the app.
 * @returns what came of each, in words. @throws Error for the first that is not drained, or not proven.
 */
export async function drainClaims(deps: DrainClaimsDeps, remedies: readonly Remedy[]): Promise<string[]> {
  const done: string[] = [];
  const deadline = deps.clock.monotonic() + BUDGET_MS;
  for (const remedy of drainsOf(remedies)) {
    if (deps.clock.monotonic() >= deadline)
      throw new RepairRefused(`there was no time left for ${remedy.claim}: the next repair drains it`);
    const of = drainOf(remedy, deps.view());
    const outcome = await drainClaim(deps, of);
    if (outcome === undefined) {
      done.push(`${remedy.claim} is its own replica's again`);
      continue;
    }
    await keep(deps, remedy, { of, outcome });
    done.push(provenWords(of, outcome));
  }
  return done;
}

/** One more drain begins only if it ends, too, within the time for which a Lease holds. */
const BUDGET_MS = 420_000;

function drainsOf(remedies: readonly Remedy[]): DrainRemedy[] {
  return remedies.filter((remedy) => remedy.kind === 'drain_claim');
}

async function keep(
  { api, clock }: DrainClaimsDeps,
  { label, claim }: DrainRemedy,
  { of, outcome }: { of: DrainPodOf; outcome: DrainOutcome },
): Promise<void> {
  const { found, left, dead, quarantined, why, generation } = outcome;
  const at = new Date(clock.now()).toISOString();
  const record = { claim, generation, at, found, left, dead, quarantined, why };
  await writeDrain({ api, namespace: of.namespace, name: repairName(label) }, record);
}

/** @throws RepairRefused, Error when an event that the forwarder calls delivered is no row. */
function provenWords({ claim }: DrainPodOf, outcome: DrainOutcome): string {
  const { found, left, dead, why, ids, missing } = outcome;
  if (left > 0)
    throw new RepairRefused(`${left} of ${found} events of ${claim} are still undelivered: ${why}`);
  if (missing.length > dead)
    throw new Error(
      `${missing.length} events of ${claim} were delivered and are no rows, ${missing[0]} among them`,
    );
  const rows = ids.length - missing.length;
  const kept = missing.length === 0 ? '' : `; A8 refused ${missing.length}, which are dead letters there`;
  return `${rows} of ${found} events of ${claim} are rows in A8${kept}`;
}
