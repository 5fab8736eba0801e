import { CONSERVATION_HOURS, digestOf, MINUTE_MS, minuteNumber } from '@scholar/contract';
import type { DeliveryNote, Outbox, OutboxOptions } from './api.ts';
import { decodeLedger, encodeLedger } from './ledger.ts';
import { DIR, eventOf, idOf, noteOf, OutboxBench } from './testing/outbox-bench.ts';
import { replaceFile } from './write-file.ts';

const LEDGER = `${DIR}/ledger.json`;
let bench: OutboxBench;
let outbox: Outbox;
beforeEach(async () => {
  bench = new OutboxBench();
  outbox = await bench.open();
});
afterEach(() => outbox.close());

const now = () => minuteNumber(bench.clock.now());

/** Appends and settles these; `note` is what A8 said. */
async function deliver(ids: readonly number[], note: Partial<DeliveryNote> = {}): Promise<void> {
  for (const n of ids) await outbox.append(eventOf(n));
  settle(ids, note);
}

function settle(ids: readonly number[], note: Partial<DeliveryNote> = {}): void {
  const taken = outbox.takeNew(1_000).map(({ eventId }) => eventId);
  const receivedAt = new Date(bench.clock.now()).toISOString();
  for (const n of ids)
    outbox.settle(idOf(n), { ...noteOf(bench.clock.now()), receivedAt, own: true, ...note });
  outbox.release(taken);
}

async function reopen(how: 'close' | 'kill' | 'crash', options: Partial<OutboxOptions> = {}): Promise<void> {
  if (how === 'close') await outbox.close();
  else bench.disk[how]();
  outbox = await bench.open(options);
}

const sets = () =>
  Object.fromEntries(outbox.acknowledged().minutes.map(({ minute, ...set }) => [minute, set]));
const setOf = (ids: readonly number[]) => digestOf(ids.map(idOf));

/** Past the lazy write of notes. */
const written = async (): Promise<void> => {
  for (let i = 0; i < 60; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Changes what the ledger says, as another release would have written it. */
async function rewriteLedger(change: (data: Record<string, unknown>) => void): Promise<void> {
  await outbox.close();
  const disk = bench.disk.attach();
  const data = decodeLedger(await disk.readFile(LEDGER), LEDGER);
  if (data === undefined) throw new Error('no ledger');
  change(data as unknown as Record<string, unknown>);
  await replaceFile(disk, LEDGER, encodeLedger(data));
  outbox = await bench.open();
}

test('ids count in the minute that A8 names, those of our own rows and no others', async () => {
  const minute = now();
  const later = new Date((minute + 3) * MINUTE_MS + 59_999).toISOString();
  await deliver([1, 2, 3]);
  await deliver([4], { receivedAt: later });
  await deliver([5, 6], { own: false });
  await deliver([7], { receivedAt: 'noon' });
  expect(sets()).toEqual({ [minute]: setOf([1, 2, 3]), [minute + 3]: setOf([4]) });
  expect(outbox.acknowledged().since).toBe(minute);
  expect(await outbox.acknowledgedIds(minute)).toEqual({
    eventIds: [1, 2, 3].map(idOf).sort(),
    notRetained: 0,
  });
});

test.each(['close', 'kill', 'crash'] as const)(
  'after a %s each id counts once, also when its note was lost and A8 calls it a duplicate',
  async (how) => {
    const minute = now();
    const receivedAt = new Date(bench.clock.now()).toISOString();
    await deliver([1, 2]);
    await written();
    await deliver([3, 4]);
    await reopen(how);
    const again = await outbox.takeBacklog(9);
    for (const { eventId } of again)
      outbox.settle(eventId, { ...noteOf(bench.clock.now()), receivedAt, duplicate: true, own: true });
    expect(sets()).toEqual({ [minute]: setOf([1, 2, 3, 4]) });
  },
);

test('the id of the folder outlives restarts and another name; it is fit for A8, whatever the name', async () => {
  const { forwarderId } = outbox;
  expect(forwarderId).toMatch(/^outbox:[0-9a-f]{12}$/);
  await reopen('crash', { name: 'renamed' });
  expect(outbox.forwarderId).toBe(forwarderId);
  await outbox.close();
  bench = new OutboxBench();
  outbox = await bench.open({ name: `schölar auth/${'x'.repeat(200)}` });
  expect(outbox.forwarderId).toMatch(/^sch_lar_auth_x{87}:[0-9a-f]{12}$/);
});

test('an event that is replayed leaves its minute, and comes back under the one that A8 names then', async () => {
  const minute = now();
  await deliver([1, 2]);
  await outbox.replay(idOf(1));
  expect(sets()).toEqual({ [minute]: setOf([2]) });
  bench.clock.time += 5 * MINUTE_MS;
  const [event] = await outbox.takeBacklog(1);
  expect(event?.eventId).toBe(idOf(1));
  settle([1]);
  const moved = { [minute]: setOf([2]), [minute + 5]: setOf([1]) };
  expect(sets()).toEqual(moved);
  await reopen('close');
  expect(sets()).toEqual(moved);
});

test('a replay that the disk refuses changes no set', async () => {
  const minute = now();
  await deliver([1]);
  await written();
  bench.disk.faults = { sync: () => 'EIO' };
  await expect(outbox.replay(idOf(1))).rejects.toThrow();
  bench.disk.faults = {};
  expect(sets()).toEqual({ [minute]: setOf([1]) });
  await reopen('close');
  expect(sets()).toEqual({ [minute]: setOf([1]) });
});

const SMALL = { segmentBytes: 200, retainBytes: 0 };

test('what a dropped segment held still counts, over every restart, and is told as not retained', async () => {
  const minute = now();
  await reopen('close', SMALL);
  await deliver([1, 2, 3, 4, 5, 6]);
  await written();
  const dropped = { [minute]: setOf([1, 2, 3, 4, 5, 6]) };
  const { eventIds, notRetained } = await outbox.acknowledgedIds(minute);
  expect(notRetained).toBeGreaterThan(0);
  expect(eventIds.length + notRetained).toBe(6);
  expect(sets()).toEqual(dropped);
  await reopen('close', SMALL);
  await reopen('crash', SMALL);
  expect(sets()).toEqual(dropped);
});

test('an event that comes again after its segment was dropped does not count twice', async () => {
  const minute = now();
  const receivedAt = new Date(bench.clock.now()).toISOString();
  await reopen('close', SMALL);
  await deliver([1, 2, 3, 4]);
  await written();
  expect(await outbox.get(idOf(1))).toBeUndefined();
  await deliver([1], { receivedAt, duplicate: true });
  expect(sets()).toEqual({ [minute]: setOf([1, 2, 3, 4]) });
  await reopen('close', SMALL);
  expect(sets()).toEqual({ [minute]: setOf([1, 2, 3, 4]) });
});

test('minutes of more than 23 hours ago are told no more, and the ledger does not keep them', async () => {
  await reopen('close', SMALL);
  await deliver([1, 2, 3]);
  bench.clock.time += CONSERVATION_HOURS * 60 * MINUTE_MS + MINUTE_MS;
  const minute = now();
  await deliver([4, 5, 6, 7]);
  await written();
  expect(outbox.acknowledged().since).toBe(minute - CONSERVATION_HOURS * 60);
  expect(sets()).toEqual({ [minute]: setOf([4, 5, 6, 7]) });
  const kept = decodeLedger(await bench.disk.attach().readFile(LEDGER), LEDGER)?.conservation?.minutes;
  expect(kept?.map(([known]) => known)).toEqual([minute]);
});

test('a folder of the previous release gets an id, keeps its events, and counts from then on', async () => {
  await deliver([1], { own: false });
  await rewriteLedger((data) => delete data['conservation']);
  const minute = now();
  expect(outbox.acknowledged()).toEqual({ since: minute, minutes: [] });
  expect(await outbox.get(idOf(1))).toMatchObject({ state: 'delivered' });
  await deliver([2]);
  expect(sets()).toEqual({ [minute]: setOf([2]) });
});

test('a folder whose ledger is lost is another forwarder: nothing of before counts as its own', async () => {
  const before = outbox.forwarderId;
  await deliver([1, 2]);
  bench.clock.time += 1_000;
  await rewriteLedger((data) => delete data['conservation']);
  expect(outbox.forwarderId).not.toBe(before);
  expect(sets()).toEqual({});
  await outbox.replay(idOf(1));
  expect(sets()).toEqual({});
  await outbox.takeBacklog(1);
  settle([1]);
  expect(sets()).toEqual({ [now()]: setOf([1]) });
});

test('where an earlier release has dropped segments, knowledge begins anew', async () => {
  await deliver([1]);
  const minute = now();
  await rewriteLedger((data) => {
    data['dropped'] = { appended: 5, delivered: 5, discarded: 0, dead: 0, quarantined: 0 };
  });
  expect(outbox.acknowledged()).toEqual({ since: minute + 1, minutes: [] });
});
