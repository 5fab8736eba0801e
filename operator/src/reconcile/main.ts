import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { processEnv } from '@scholar/runtime/config';
import type { ConservationMemory } from '../conservation/conservation.ts';
import { runOperator } from '../controller/run-operator.ts';
import { openClusterTarget } from '../target/cluster/cluster-target.ts';
import { operatorHolder } from '../target/cluster/repair/operator-holder.ts';
import { drillOnceOver } from './drill-once.ts';
import type { LookDeps } from './look.ts';
import { reconcileTables } from './reconcile-tables.ts';
import { keepTableOfFile } from './table-file.ts';

/** The operator as the image runs it: `node operator/dist/reconcile/main.js`. */
const env = processEnv();
const pod = env['POD_NAME'] === '' ? undefined : env['POD_NAME'];
const file = env['KUBECONFIG'] === '' ? undefined : env['KUBECONFIG'];
/** By namespace. A pass compares what came since the last one, so it is kept from target to target. */
const compared = new Map<string, ConservationMemory>();
const openTarget: LookDeps['openTarget'] = ({ namespace, secretFrom, database }) => {
  const conservation: ConservationMemory = compared.get(namespace) ?? new Map();
  compared.set(namespace, conservation);
  return openClusterTarget(env, { file, namespace }, { secretFrom, database, conservation });
};

await runOperator(
  (tools) =>
    reconcileTables(tools, {
      openTarget,
      drillOnce: drillOnceOver(openTarget, tools.clock),
      holder: pod === undefined ? `operator/${hostname()}/${process.pid}` : operatorHolder(pod),
      log: tools.log,
    }),
  env,
  ({ tools, settings }) => {
    const { TABLE_FILE: path, WATCH_NAMESPACE: watched, POD_NAMESPACE: own } = settings;
    if (path === undefined) return undefined;
    return keepTableOfFile({
      read: () => readFile(path, 'utf8'),
      applier: tools.applier,
      isThere: (key) => tools.table(key) !== undefined,
      namespace: watched ?? own,
      clock: tools.clock,
      log: tools.log,
    });
  },
);
