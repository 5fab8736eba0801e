import { waitFor } from '@scholar/runtime/testing';
import { expectExactRows } from '../../harness/exact-rows.ts';
import { kubectl } from '../../harness/kubectl.ts';
import { underTraffic } from '../../harness/under-traffic.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { beginRollback, currentRevision, installRelease, rollbackRelease } from '../harness/helm.ts';
import { podsOf, untilGone } from '../harness/pods.ts';
import { backlogs, makeBacklog, scaleA8 } from './a8-away.ts';
import { makeRelease, NEXT_MIGRATION } from './next-release.ts';
import { filesOn } from './outbox-folder.ts';
import { CLUSTER_PATIENCE, INSTALL_TIMEOUT_MS, openTrial, trialRelease } from './trial.ts';

/** Writes a new outbox format, which a reader of the present one still understands: what a next release may be. */
let next: string;
/** Writes what only readers of the new format understand: the release after that. */
let later: string;
let system: ClusterSystem;
let present: number;

beforeAll(async () => {
  system = await openTrial();
  present = await currentRevision(system.namespace);
  next = await makeRelease({ version: '9.1.0', format: 1, oldestReader: 0 });
  later = await makeRelease({ version: '9.2.0', format: 1, oldestReader: 1 });
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

/** ROLLBACK.md: what keeps no delivered events, so that what a newer release wrote is dropped as soon as it is delivered. */
const KEEP_NOTHING = { 'global.scholar.outbox.retainBytes': 1 };

const upgradeTo = (image: string, set = {}) =>
  installRelease({ ...trialRelease(system), image, set: { ...trialRelease(system).set, ...set } });

test(
  'under load, an upgrade to a next release and a rollback across its migrations and its outbox format lose nothing',
  async () => {
    const result = await underTraffic(
      system,
      async () => {
        await upgradeTo(next);
        expect(await runningVersions()).toEqual(['9.1.0']);
        expect(await migrated()).toEqual(['auto_com_center', 'auto_page_maker']);
        await rollbackRelease(system.namespace, present);
        expect(await runningVersions()).not.toContain('9.1.0');
      },
      CLUSTER_PATIENCE,
    );
    expect(result.accepted.length).toBeGreaterThan(75);
    await system.verified();
  },
  INSTALL_TIMEOUT_MS,
);

test(
  'a forwarder that cannot read the outbox says so and touches nothing; forward again, nothing is lost',
  async () => {
    await scaleA8(system.namespace, 0);
    const older = await makeBacklog(system, 20);
    await upgradeTo(later, { 'auto_com_center.replicas': 0 });
    const newer = await makeBacklog(system, 20);
    const forward = await currentRevision(system.namespace);

    await stopLeads();
    const before = await filesOn(system.namespace, 'outbox-auto-page-maker-0');
    await beginRollback(system.namespace, present);
    await waitFor(
      async () => /needs outbox format \d+, this release reads up to \d+/u.test(await forwarderLog()),
      {
        timeoutMs: 300_000,
        intervalMs: 1_000,
        what: 'the sentence of the refusing forwarder',
      },
    );
    await stopLeads();
    expect(await filesOn(system.namespace, 'outbox-auto-page-maker-0')).toEqual(before);

    await rollbackRelease(system.namespace, forward);
    await scaleA8(system.namespace, 1);
    await expectExactRows(system, [...older, ...newer], CLUSTER_PATIENCE.rowsMs);
  },
  INSTALL_TIMEOUT_MS,
);

test(
  'back from there in the two steps that ROLLBACK.md tells: by the release in between, which keeps no delivered events, to the first',
  async () => {
    await upgradeTo(later);
    const result = await underTraffic(
      system,
      async () => {
        await upgradeTo(next, KEEP_NOTHING);
        await waitFor(async () => (await backlogs(system)).every((depth) => depth < 10), {
          timeoutMs: CLUSTER_PATIENCE.rowsMs,
          intervalMs: 500,
          what: 'no backlog',
        });
        await rollbackRelease(system.namespace, present);
      },
      CLUSTER_PATIENCE,
    );
    expect(result.accepted.length).toBeGreaterThan(75);
    await system.verified();
  },
  INSTALL_TIMEOUT_MS,
);

/** Versions that the processes tell of themselves, each once. */
async function runningVersions(): Promise<string[]> {
  const versions = await Promise.all([
    system.version('auto_com_center'),
    system.version('auto_page_maker'),
    system.version('auto_page_maker', 'forwarder'),
  ]);
  return [...new Set(versions)];
}

/** Services to whose schema the next release's migration was applied. */
async function migrated(): Promise<string[]> {
  const found = await Promise.all(
    (['auto_com_center', 'auto_page_maker', 'scholar_auth'] as const).map(async (label) => {
      const sql = 'SELECT name FROM migrations WHERE name = $1';
      return (await system.queryAs(label, sql, [NEXT_MIGRATION])).map(() => label);
    }),
  );
  return found.flat();
}

async function forwarderLog(): Promise<string> {
  const [pod] = await podsOf(system.namespace, 'auto-page-maker');
  const log = ['logs', pod?.metadata?.name ?? '', '-n', system.namespace, '-c', 'forwarder'];
  return (await kubectl(...log)) + (await kubectl(...log, '--previous').catch(() => ''));
}

async function stopLeads(): Promise<void> {
  await kubectl('scale', '-n', system.namespace, 'statefulset/auto-page-maker', '--replicas=0');
  await untilGone(system.namespace, 'auto-page-maker');
}
