import { RepairRefused } from '../../../remedy/ledger.ts';
import { drainClaim, removeAbandoned, tryDrain } from './drain-claim.ts';
import { drainClaims } from './drain-claims.ts';
import { drainOf } from './drain-of.ts';
import { drainsIn } from './drain-record.ts';
import {
  drainLine,
  lookLine,
  type MemoryCluster,
  memoryCluster,
  type Scene,
} from './testing/memory-cluster.ts';
import { podOn, scaledDown } from './testing/scaled-down.ts';

const CLAIM = 'outbox-scholar-auth-1';
const REMEDY = { kind: 'drain_claim', label: 'scholar_auth', claim: CLAIM } as const;
const OF = drainOf(REMEDY, scaledDown());
const IDS = ['a', 'b', 'c'];

/** The whole remedy, as a repair applies it. */
function drained(scene: Scene): { cluster: MemoryCluster; done: Promise<string[]> } {
  const cluster = memoryCluster(scene);
  const view = () => ({ ...scaledDown(), hubUrl: 'http://auto-com-center:8080', secretFrom: [] });
  return { cluster, done: drainClaims({ ...cluster.deps, view }, [REMEDY]) };
}

test('each id that was found is looked up as a row, the pod is removed, and what was seen is kept', async () => {
  const { cluster, done } = drained({ look: [lookLine(IDS)], drain: [drainLine()], rows: IDS });
  expect(await done).toEqual([`3 of 3 events of ${CLAIM} are rows in A8`]);
  expect(cluster.calls).toEqual(['create scholar-auth-1', 'delete scholar-auth-1']);
  expect(cluster.pods).toEqual([]);
  expect(drainsIn(cluster.lease)).toMatchObject([
    { claim: CLAIM, generation: 7, found: 3, left: 0, dead: 0 },
  ]);
});

test('an event that the forwarder calls delivered and that is no row is no proof', async () => {
  const { cluster, done } = drained({ look: [lookLine(IDS)], drain: [drainLine()], rows: ['a', 'b'] });
  await expect(done).rejects.toThrow(
    '1 events of outbox-scholar-auth-1 were delivered and are no rows, c among them',
  );
  expect(cluster.pods).toEqual([]);
});

test('what A8 refused is told as a dead letter, and the claim is not called empty', async () => {
  const { cluster, done } = drained({
    look: [lookLine(IDS)],
    drain: [drainLine({ dead: 1 })],
    rows: ['a', 'b'],
  });
  expect(await done).toEqual([
    `2 of 3 events of ${CLAIM} are rows in A8; A8 refused 1, which are dead letters there`,
  ]);
  expect(drainsIn(cluster.lease)).toMatchObject([{ left: 0, dead: 1 }]);
});

test('events that are left are no success, and their number and reason are kept', async () => {
  const drain = [drainLine({ left: 3, reason: 'unauthorized' })];
  const { cluster, done } = drained({ look: [lookLine(IDS)], drain, phase: () => 'Failed' });
  await expect(done).rejects.toThrow(
    '3 of 3 events of outbox-scholar-auth-1 are still undelivered: held: unauthorized',
  );
  expect(drainsIn(cluster.lease)).toMatchObject([{ found: 3, left: 3, why: 'held: unauthorized' }]);
  expect(cluster.pods).toEqual([]);
});

test('a replica that is there keeps a drain from beginning: nothing is made, nothing is removed', async () => {
  const cluster = memoryCluster({ pods: [podOn(CLAIM, { name: 'scholar-auth-1' })] });
  await expect(drainClaim(cluster.deps, OF)).rejects.toThrow(RepairRefused);
  await expect(tryDrain(cluster.deps, OF)).rejects.toThrow(
    'the pod scholar-auth-1 uses outbox-scholar-auth-1',
  );
  expect(cluster.calls).toEqual([]);
});

test('a replica that comes between the look and the pod wins by its name', async () => {
  // It has no volume yet in what the look saw.
  const cluster = memoryCluster({ pods: [podOn('none', { name: 'scholar-auth-1' })] });
  await expect(drainClaim(cluster.deps, OF)).rejects.toThrow('has just come back');
  expect(cluster.pods).toHaveLength(1);
});

test('a scale-up ends the drain at once: the pod goes, so that the replica of its name can come', async () => {
  const cluster = memoryCluster({ phase: () => 'Running', replicas: (look) => (look < 3 ? 1 : 2) });
  await expect(drainClaim(cluster.deps, OF)).rejects.toThrow('scaled up meanwhile');
  expect(cluster.pods).toEqual([]);
});

test('a pod that does not come to an end is removed after its time, with the reason', async () => {
  const cluster = memoryCluster({ phase: () => 'Pending' });
  await expect(drainClaim(cluster.deps, OF)).rejects.toThrow('its phase is Pending');
  expect(cluster.pods).toEqual([]);
});

test('one that said nothing is no success', async () => {
  const { cluster, done } = drained({ look: ['there is no folder'], phase: () => 'Failed' });
  await expect(done).rejects.toThrow('did not say what it saw on outbox-scholar-auth-1: there is no folder');
  expect(drainsIn(cluster.lease)).toEqual([]);
});

test('the pod that a killed repair left is taken away first', async () => {
  const left = podOn(CLAIM, { name: 'scholar-auth-1', labels: { 'scholar.dev/drains-claim': CLAIM } });
  const { cluster, done } = drained({ pods: [left], look: [lookLine(IDS)], drain: [drainLine()], rows: IDS });
  await done;
  expect(cluster.calls).toEqual(['delete scholar-auth-1', 'create scholar-auth-1', 'delete scholar-auth-1']);
});

test('a dry run asks the API server whether it would take the pod, and leaves none', async () => {
  const cluster = memoryCluster();
  await tryDrain(cluster.deps, OF);
  expect(cluster.calls).toEqual(['create scholar-auth-1 (dry run)']);
  expect(cluster.pods).toEqual([]);
});

test('scaled up meanwhile, what a killed drain left is taken away and nothing is drained: the replica does that', async () => {
  const left = podOn(CLAIM, {
    name: 'scholar-auth-1',
    phase: 'Failed',
    labels: { 'scholar.dev/drains-claim': CLAIM },
  });
  const { cluster, done } = drained({ pods: [left], replicas: () => 2 });
  expect(await done).toEqual([`${CLAIM} is its own replica's again`]);
  expect(cluster.calls).toEqual(['delete scholar-auth-1']);
});

test("a pod that ended long ago is nobody's any more; one that has just ended is still read by whoever made it", async () => {
  const ended = (name: string, claim: string) =>
    podOn(claim, { name, phase: 'Succeeded', labels: { 'scholar.dev/drains-claim': claim } });
  const cluster = memoryCluster({
    pods: [
      ended('scholar-auth-1', CLAIM),
      ended('scholarship-api-1', 'outbox-scholarship-api-1'),
      podOn('outbox-scholar-auth-0', { name: 'scholar-auth-0' }),
    ],
  });
  await removeAbandoned(cluster.deps, 'scholar-auth');
  expect(cluster.calls).toEqual([]);
  await cluster.deps.clock.sleep(130_000);
  await removeAbandoned(cluster.deps, 'scholar-auth');
  expect(cluster.calls).toEqual(['delete scholar-auth-1']);
});
