import { ClusterSystem, type ClusterSystem as System } from '../harness/cluster-system.ts';
import { installRelease, type Release } from '../harness/helm.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { ASKED_OFTEN } from '../harness/swift.ts';
import { UNHURRIED } from '../harness/table.ts';

/**
 * A trial's values, with the policies of a production on top: every fault below happens behind them. The operator looks as often
 * as it can be told to, since guards, drills and proofs are a matter of its passes.
 */
export const TRIAL_VALUES = {
  ...UNHURRIED,
  ...ASKED_OFTEN,
  'operator.table.canaryInterval': '15s',
  'global.scholar.networkPolicy.enabled': true,
};

export const CLUSTER_PATIENCE = { requestsMs: 300_000, rowsMs: 300_000, pauseMs: 100 };

/** Time for a `beforeAll` that installs: image start-up, migrations, first truth table on a busy machine. */
export const INSTALL_TIMEOUT_MS = 900_000;

/**
 * The trial installation that the suites of this folder share. Whatever state an earlier suite left it in, it is
 * afterwards as the values say, and proven: every row of the truth table is green.
 */
export async function openTrial(): Promise<System> {
  const system = ClusterSystem.in(await ensureNamespace('trial'));
  await installRelease(trialRelease(system));
  await system.verified();
  return system;
}

export function trialRelease(system: System): Release {
  return { namespace: system.namespace, set: TRIAL_VALUES };
}
