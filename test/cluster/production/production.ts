import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_LABELS, HUB_LABEL } from '@scholar/contract';
import { tempDir } from '@scholar/runtime/testing';
import { apply } from '../../harness/kubectl.ts';
import type { UnderTest } from '../../harness/under-test.ts';
import { deleteNamespace } from '../../run/cluster-namespaces.ts';
import { whileChangesArrive } from '../harness/changed-mounts.ts';
import { ClusterSystem } from '../harness/cluster-system.ts';
import { CHART, RUN } from '../harness/environment.ts';
import { installRelease } from '../harness/helm.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { ASKED_OFTEN } from '../harness/swift.ts';
import { UNHURRIED } from '../harness/table.ts';
import { type ExternalPostgres, startExternalPostgres } from './external-postgres.ts';
import { openSealer, ownersValues, type Sealer, stripeKeys } from './sealed-values.ts';

/** A production: values-production.yaml, secrets sealed for this cluster's controller, a PostgreSQL that is elsewhere. */
export interface Production extends UnderTest {
  system: ClusterSystem;
  postgres: ExternalPostgres;
  sealer: Sealer;
  /** Writes what only the owner has, as it is now. @returns the file for --from-env-file. */
  owners: () => Promise<string>;
  /** Brings the values file as it is now into the cluster; resolves when everything is ready. */
  install: () => Promise<void>;
  /** Takes everything away, volumes too. */
  remove: () => Promise<void>;
}

/** One pod of each application, so that their outboxes fit into a small cluster; the two of A8 and of the operator stay. */
const SMALL = {
  ...UNHURRIED,
  ...ASKED_OFTEN,
  'operator.table.canaryInterval': '15s',
  ...Object.fromEntries(APP_LABELS.map((label) => [`${label}.replicas`, 1])),
};

/** From nothing, also where an earlier run has left something: its passwords and keys are of no use any more. */
export async function openProduction(): Promise<Production> {
  await removeNamespaces();
  const folder = await tempDir('production');
  const [namespace, databases] = [
    await ensureNamespace('production'),
    await ensureNamespace('production-db'),
  ];
  const postgres = await startExternalPostgres(databases, folder);
  await apply(namespace, [
    {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'scholar-database-ca' } },
      stringData: { 'ca.crt': postgres.ca },
    },
  ]);
  const sealer = await openSealer(namespace, folder);
  const stripe = stripeKeys();
  const owners = () => ownersValues({ postgres, stripe, folder });
  await sealer.seal('--from-env-file', await owners());
  const system = ClusterSystem.in(namespace);
  const install = () =>
    installRelease({
      namespace,
      dev: false,
      values: [join(CHART, 'values-production.yaml'), sealer.file],
      set: SMALL,
    });
  // The pods start while the controller opens their secrets, and most of them are earlier.
  await whileChangesArrive(namespace, install);
  return {
    ...{ system, postgres, sealer, owners, install },
    url: (label) => system.url(label),
    canaryKey: () => system.canaryKey(),
    webhookSecret: () => system.webhookSecret(),
    query: (sql, values) => postgres.query(HUB_LABEL, sql, values),
    async remove() {
      await system.close();
      await rm(folder, { recursive: true, force: true });
      await removeNamespaces();
    },
  };
}

async function removeNamespaces(): Promise<void> {
  const purposes = ['production', 'production-db'];
  await Promise.all(purposes.map((purpose) => deleteNamespace(`${purpose}-${RUN}`)));
}
