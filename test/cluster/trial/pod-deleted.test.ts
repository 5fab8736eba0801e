import { expectExactRows } from '../../harness/exact-rows.ts';
import { kubectl } from '../../harness/kubectl.ts';
import { startTraffic } from '../../harness/traffic.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { podsOf, untilReady } from '../harness/pods.ts';
import { makeBacklog, owedBy, scaleA8 } from './a8-away.ts';
import { CLUSTER_PATIENCE, INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

const BACKLOG = 20;
const POD = 'auto-page-maker-0';

let system: ClusterSystem;
/** What got its 2xx while A8 was away. */
const accepted: string[] = [];

beforeAll(async () => {
  system = await openTrial();
  await scaleA8(system.namespace, 0);
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  if (system === undefined) return;
  await scaleA8(system.namespace, 1);
  await system.close();
}, INSTALL_TIMEOUT_MS);

const DELETIONS: [string, string[]][] = [
  ['is deleted', []],
  ['is deleted by --force, without a grace period', ['--force', '--grace-period=0']],
];

test.each(DELETIONS)(
  'a pod with a backlog %s while A8 is away: the next pod has the same backlog',
  async (_, flags) => {
    const made = await makeBacklog(system, BACKLOG);
    accepted.push(...made);
    const owed = await owedBy(system, 'auto_page_maker', made);
    expect(owed.length).toBeGreaterThanOrEqual(BACKLOG);
    await replacePod(flags);
    expect(await owedBy(system, 'auto_page_maker', made)).toEqual(owed);
  },
  INSTALL_TIMEOUT_MS,
);

test(
  'a pod is deleted by --force under load while A8 is away, again and again: its next pod takes requests',
  async () => {
    const traffic = await startTraffic(system, 0);
    try {
      for (let round = 0; round < 3; round += 1) {
        await traffic.until(10, CLUSTER_PATIENCE.requestsMs);
        await replacePod(['--force', '--grace-period=0']);
      }
      await traffic.until(10, CLUSTER_PATIENCE.requestsMs);
    } finally {
      await traffic.stop();
    }
    accepted.push(...(await traffic.stop()).accepted);
  },
  INSTALL_TIMEOUT_MS,
);

test(
  'when A8 is back, each request that got its 2xx before, between and after those deletions is one row',
  async () => {
    expect(accepted.length).toBeGreaterThan(2 * BACKLOG);
    await scaleA8(system.namespace, 1);
    await expectExactRows(system, accepted, CLUSTER_PATIENCE.rowsMs);
  },
  INSTALL_TIMEOUT_MS,
);

/** Deletes the pod of the leads' service, and waits for another of the same name to be ready. */
async function replacePod(flags: readonly string[]): Promise<void> {
  const uid = async () => (await podsOf(system.namespace, 'auto-page-maker'))[0]?.metadata?.uid;
  const before = await uid();
  await kubectl('delete', 'pod', POD, '-n', system.namespace, ...flags);
  await untilReady(system.namespace, 'auto-page-maker');
  expect(await uid()).not.toBe(before);
}
