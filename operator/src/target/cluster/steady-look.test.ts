import type { Snapshot } from '../../audit/snapshot.ts';
import { appOf, healthyCluster } from '../../audit/testing/healthy-snapshot.ts';
import type { Installed } from './installed.ts';
import { steadyLook } from './steady-look.ts';

function installed(generation: number): Installed {
  const workload = {
    kind: 'StatefulSet' as const,
    name: 'scholar-auth',
    replicas: 1,
    selector: {},
    template: {},
  };
  return {
    namespace: 'n',
    workloads: [{ ...workload, trouble: undefined, generation }],
    pods: [],
    services: [],
  };
}

function halfChanged(): Snapshot {
  const snapshot = healthyCluster();
  for (const replica of appOf(snapshot, 'scholar_auth').build?.replicas ?? [])
    replica.settings = 'settings-0';
  return snapshot;
}

/** Looks that follow one another; the last stays. @returns the snapshot that was believed, and how many looks it took. */
async function looked(snapshots: Snapshot[], generations: number[]) {
  let looks = 0;
  const next = () => {
    const snapshot = snapshots[Math.min(looks, snapshots.length - 1)] ?? healthyCluster();
    const seen = {
      snapshot,
      installed: installed(generations[Math.min(looks, generations.length - 1)] ?? 0),
    };
    looks += 1;
    return seen;
  };
  const installedNow = async () => installed(generations[Math.min(looks, generations.length - 1)] ?? 0);
  const { snapshot } = await steadyLook({
    look: async () => next(),
    installedNow,
    clock: { sleep: async () => undefined },
  });
  return { snapshot, looks };
}

test('a healthy system is looked at once', async () => {
  expect(await looked([healthyCluster()], [1])).toMatchObject({ looks: 1 });
});

test('a drift in a system that nobody changes is believed at the first look', async () => {
  const drift = halfChanged();
  expect(await looked([drift], [1])).toEqual({ snapshot: drift, looks: 1 });
});

test('what an upgrade in the middle of a look made is not believed', async () => {
  const after = healthyCluster();
  expect(await looked([halfChanged(), after], [1, 2])).toEqual({ snapshot: after, looks: 2 });
});

test('a system that changes for ever is told of in the end', async () => {
  expect(await looked([halfChanged()], [1, 2, 3, 4, 5])).toMatchObject({ looks: 3 });
});
