import { waitFor } from '@scholar/runtime/testing';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { helm } from '../harness/helm.ts';
import { kubeOf } from '../harness/pods.ts';
import { provenTable } from '../harness/table.ts';
import { INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

let system: ClusterSystem;

beforeAll(async () => {
  system = await openTrial();
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

test('a trial proves every cell of the truth table by a row in its PostgreSQL, and the three simulations', async () => {
  const truth = await system.verified();
  expect(truth.table.map(({ app, verdict, reasons }) => ({ app, verdict, reasons }))).toEqual(
    ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'].map((app) => ({ app, verdict: 'green', reasons: [] })),
  );
  expect(truth.simulations.map(({ name, persisted, row }) => ({ name, persisted, row }))).toEqual(
    ['lead', 'auth', 'payment'].map((name) => ({ name, persisted: true, row: true })),
  );
  expect(truth.code).toBe(0);
  const ids = [
    ...truth.table.map(({ event }) => event.event_id),
    ...truth.simulations.map((each) => each.event_id),
  ];
  const rows = await system.query('SELECT simulated FROM events WHERE event_id = ANY($1)', [ids]);
  expect(rows).toEqual(ids.map(() => ({ simulated: true })));
}, 400_000);

test("the operator's table is green by itself, behind its policies", async () => {
  expect(await provenTable(system.namespace)).toEqual([7, 0, 0]);
}, 500_000);

test('a trial has no drift', async () => {
  // What an earlier suite has done to it may take a while to be forgotten.
  const quiet = async () => (await system.audit()).length === 0;
  await waitFor(quiet, { timeoutMs: 180_000, intervalMs: 3_000 }).catch(() => undefined);
  expect(await system.audit()).toEqual([]);
}, 300_000);

test.each([3, 4] as const)(
  '`helm test` of Helm %i sends a canary and reads its row back',
  async (version) => {
    const told = await helm(version, 'test', 'scholar', '--namespace', system.namespace, '--timeout', '5m');
    expect(told).toMatch(/Phase:\s+Succeeded/u);
  },
  400_000,
);

test('every container runs restricted, as no one, with a root that it cannot write to', async () => {
  const pods = await kubeOf(system.namespace).pods();
  expect(pods.length).toBeGreaterThanOrEqual(11);
  for (const { metadata, spec } of pods) {
    const name = metadata?.name;
    // Nobody but the operator has anything to ask the API server.
    const asks = metadata?.labels?.['app.kubernetes.io/name'] === 'scholar-operator';
    expect([name, spec?.securityContext?.runAsNonRoot, spec?.automountServiceAccountToken]).toEqual([
      name,
      true,
      asks,
    ]);
    expect([name, spec?.securityContext?.seccompProfile?.type]).toEqual([name, 'RuntimeDefault']);
    for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
      expect({ name, container: container.name, ...container.securityContext }).toEqual({
        name,
        container: container.name,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});
