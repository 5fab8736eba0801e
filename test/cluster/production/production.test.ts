import { APP_LABELS, type AppLabel, keyFingerprint } from '@scholar/contract';
import { connectKube } from '@scholar/operator/kube-client';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { underTraffic } from '../../harness/under-traffic.ts';
import { whileChangesArrive } from '../harness/changed-mounts.ts';
import { objectName, podsOf, untilReady } from '../harness/pods.ts';
import { provenTable } from '../harness/table.ts';
import { answerOfA8, runningOf } from './look.ts';
import { openProduction, type Production } from './production.ts';

const PATIENCE = { requestsMs: 300_000, rowsMs: 300_000, pauseMs: 100 };
/** For a changed Secret to come into a pod, and to be noticed there, on a busy machine. */
const NOTICED = { timeoutMs: 420_000, intervalMs: 2_000 };
const ROTATED = ['scholar_auth', 'auto_page_maker', 'provider_register'] as const satisfies AppLabel[];

let production: Production;
let namespace: string;

beforeAll(async () => {
  production = await openProduction();
  namespace = production.system.namespace;
}, 1_800_000);

afterAll(() => production?.remove(), 400_000);

test('every app is green by a row in the external PostgreSQL, and A8 has two replicas', async () => {
  const truth = await production.system.verified();
  expect(truth.table.map(({ app, verdict }) => [app, verdict])).toEqual(
    ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'].map((app) => [app, 'green']),
  );
  // Nobody simulates in production.
  expect(truth.simulations).toEqual([]);
  await untilReady(namespace, 'auto-com-center', 2);
}, 400_000);

test("the operator's table is green too: over TLS, behind its policies, with the rights of its chart alone", async () => {
  expect(await provenTable(namespace)).toEqual([7, 0, 0]);
}, 500_000);

test('PostgreSQL takes nobody without TLS, and every connection of the eight services is encrypted', async () => {
  expect(await production.postgres.withoutTls()).toMatch(/pg_hba.conf|no encryption/);
  const sessions = () =>
    production.postgres.query<{ role: string; ssl: boolean }>(
      'postgres',
      `SELECT DISTINCT usename::text AS role, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE usename <> 'postgres' ORDER BY 1`,
    );
  const roles = [...APP_LABELS, 'auto_com_center'].sort();
  // Idle connections are closed after half a minute and opened again: wait for a moment with one of each.
  const seen = await waitFor(
    async () => {
      const all = await sessions();
      return all.length >= roles.length ? all : undefined;
    },
    { timeoutMs: 120_000, what: 'a session of each of the eight' },
  );
  expect(seen).toEqual(roles.map((role) => ({ role, ssl: true })));
});

test('every secret of the namespace was opened by the controller; the authority of PostgreSQL alone was not', async () => {
  const list: { items: { metadata: { name: string; ownerReferences?: { kind: string }[] } }[] } = JSON.parse(
    await kubectl('get', 'secrets', '-n', namespace, '--field-selector=type=Opaque', '-o=json'),
  );
  const others = list.items.filter(
    ({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'SealedSecret'),
  );
  expect(others.map(({ metadata }) => metadata.name)).toEqual(['scholar-database-ca']);
  expect(list.items.length).toBe(21);
});

test('a policy denies what is not needed for every pod', async () => {
  const names = (await kubectl('get', 'networkpolicies', '-n', namespace, '-o=name')).split('\n');
  for (const object of ['scholar-deny', 'auto-com-center', ...APP_LABELS.map(objectName)])
    expect(names).toContain(`networkpolicy.networking.k8s.io/${object}`);
});

test('rotation under load: seal, apply, the pods notice, canary, the old keys are revoked, and no event is lost', async () => {
  const { system, sealer, install } = production;
  const oldKeys = new Map<AppLabel, string>();
  for (const label of ROTATED)
    oldKeys.set(label, await system.secretValue(`${objectName(label)}-a8`, 'A8_KEY'));
  const rotate = () =>
    whileChangesArrive(namespace, async () => {
      const { ring } = await sealer.seal('--rotate', ROTATED.join(','));
      const wanted = new Map(
        ring.filter(({ current }) => current).map(({ name, fingerprint }) => [name, fingerprint]),
      );
      await install();
      for (const label of ROTATED) {
        await waitFor(
          async () => (await runningOf(system, label)).settings['A8_KEY']?.fingerprint === wanted.get(label),
          { ...NOTICED, what: `the new key in the forwarder of ${label}` },
        );
      }
      await system.verified();
      const revoked = await sealer.seal('--revoke', ROTATED.join(','));
      expect(revoked.revoked).toHaveLength(ROTATED.length);
      await install();
      for (const label of ROTATED)
        for (const pod of await podsOf(namespace, 'auto-com-center'))
          await waitFor(
            async () => {
              const key = oldKeys.get(label) ?? '';
              return (await answerOfA8(namespace, pod.metadata?.name ?? '', { label, key })) === 401;
            },
            { ...NOTICED, what: `401 of ${pod.metadata?.name} to the old key of ${label}` },
          );
    });
  await underTraffic(production, rotate, PATIENCE);
  for (const label of ROTATED) {
    const key = await system.secretValue(`${objectName(label)}-a8`, 'A8_KEY');
    expect(keyFingerprint(key)).not.toBe(keyFingerprint(oldKeys.get(label) ?? ''));
  }
  await system.verified();
}, 1_800_000);

test('a changed password of the database restarts the app that uses it, and it is green again', async () => {
  const { system, sealer, postgres, install } = production;
  const object = 'auto-page-maker';
  const restarts = async () => {
    const pods = await connectKube(process.env, { namespace }).pods();
    const own = pods.filter(({ metadata }) => metadata?.labels?.['app.kubernetes.io/name'] === object);
    return (
      own.flatMap(({ status }) => status?.containerStatuses ?? []).map((each) => each.restartCount)[0] ?? 0
    );
  };
  const before = await restarts();
  await postgres.changePassword('auto_page_maker');
  await sealer.seal('--from-env-file', await production.owners());
  await whileChangesArrive(namespace, async () => {
    await install();
    await waitFor(async () => (await restarts()) > before, {
      ...NOTICED,
      what: 'a restart with the new address',
    });
  });
  await untilReady(namespace, object);
  await system.verified();
}, 900_000);
