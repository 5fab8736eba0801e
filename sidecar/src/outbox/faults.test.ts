import type { Outbox } from './api.ts';
import { OutboxFailed } from './errors.ts';
import { conserves } from './stats.ts';
import { eventOf, idOf, noteOf, OutboxBench, queuedBodies } from './testing/outbox-bench.ts';

const EIO = (): string => 'EIO';

let bench: OutboxBench;
let outbox: Outbox;
beforeEach(async () => {
  bench = new OutboxBench();
  outbox = await bench.open();
});
afterEach(async () => {
  bench.disk.faults = {};
  await outbox.close();
});

const once = <T>(value: T, match = '.seg') => {
  let left = 1;
  return (path: string): T | undefined => (path.endsWith(match) && left-- > 0 ? value : undefined);
};

async function crashAndOpen(): Promise<void> {
  bench.disk.crash();
  outbox = await bench.open();
}

test('a failed sync fails everybody in that batch, and never counts as durable afterwards', async () => {
  await outbox.append(eventOf(1));
  bench.disk.faults.sync = once('EIO');
  const results = await Promise.allSettled([2, 3, 4].map((n) => outbox.append(eventOf(n))));
  for (const result of results) expect(result).toMatchObject({ reason: expect.any(OutboxFailed) });
  expect(outbox.stats()).toMatchObject({ depth: 1, session: { failedBatches: 1 } });
  expect(await outbox.get(idOf(2))).toBeUndefined();
  await outbox.append(eventOf(5));
  expect(bench.disk.files().filter((path) => path.endsWith('.seg')).length).toBe(2);
  await crashAndOpen();
  expect(await queuedBodies(outbox)).toEqual(expect.arrayContaining(['{"n":1}', '{"n":5}']));
});

test('a batch after a failed one goes to a fresh segment at once, and health tells both', async () => {
  bench.disk.faults.write = once({ code: 'EIO', written: 10 });
  await expect(outbox.append(eventOf(1))).rejects.toThrow(/disk failed while writing a batch: EIO/);
  expect(outbox.health()).toMatchObject({ ok: false, detail: expect.stringContaining('EIO') });
  await outbox.append(eventOf(1));
  expect(outbox.health()).toEqual({ ok: true });
  expect(await queuedBodies(outbox)).toEqual(['{"n":1}']);
});

test('an unready outbox finds out by itself that the disk works again', async () => {
  bench.disk.faults.write = () => ({ code: 'EIO', written: 0 });
  await expect(outbox.append(eventOf(1))).rejects.toThrow(OutboxFailed);
  for (let i = 0; i < 50; i += 1) await bench.clock.sleep(1);
  expect(outbox.health().ok).toBe(false);
  bench.disk.faults = {};
  for (let i = 0; i < 50 && !outbox.health().ok; i += 1) await bench.clock.sleep(1);
  expect(outbox.health()).toEqual({ ok: true });
});

test('a full disk refuses, gives up what is kept only for replay, and goes on', async () => {
  await outbox.close();
  outbox = await bench.open({ segmentBytes: 150 });
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  for (const event of outbox.takeNew(3)) outbox.settle(event.eventId, noteOf(1));
  bench.disk.faults.write = once({ code: 'ENOSPC', written: 20 });
  await expect(outbox.append(eventOf(4))).rejects.toThrow(/ENOSPC/);
  for (let i = 0; i < 50 && outbox.stats().segments > 1; i += 1) await bench.clock.sleep(1);
  expect(outbox.stats().segments).toBeLessThanOrEqual(1);
  await outbox.append(eventOf(4));
  expect(await queuedBodies(outbox)).toEqual(['{"n":4}']);
  expect(outbox.stats().totals).toMatchObject({ appended: 4, delivered: 3 });
});

test('a segment that cannot be created, or whose folder cannot be synced, holds no acknowledged event', async () => {
  for (const fault of [{ open: once('EMFILE') }, { syncDir: once('EIO', 'segments') }]) {
    await outbox.close();
    outbox = await bench.open({ segmentBytes: 80 });
    await outbox.append(eventOf(bench.disk.syncs));
    bench.disk.faults = fault;
    const id = 1000 + bench.disk.syncs;
    await expect(outbox.append(eventOf(id))).rejects.toThrow(OutboxFailed);
    await outbox.append(eventOf(id));
    await crashAndOpen();
    expect(await queuedBodies(outbox)).toContain(`{"n":${id}}`);
  }
});

test('settlements that cannot be written wait, and are written later', async () => {
  await outbox.append(eventOf(1));
  bench.disk.faults.write = (path) => (path.endsWith('.log') ? { code: 'EIO', written: 3 } : undefined);
  for (const event of outbox.takeNew(1)) outbox.settle(event.eventId, noteOf(1));
  for (let i = 0; i < 20; i += 1) await bench.clock.sleep(1);
  bench.disk.faults = {};
  await outbox.close();
  outbox = await bench.open();
  expect(await queuedBodies(outbox)).toEqual([]);
});

test('a burial that fails leaves the event queued and leased, and can be tried again', async () => {
  await outbox.append(eventOf(1));
  outbox.takeNew(1);
  bench.disk.faults.rename = EIO;
  const burial = { class: 'contract' as const, problem: {} };
  await expect(outbox.bury(idOf(1), burial)).rejects.toThrow(/writing a dead letter: EIO/);
  expect(outbox.stats()).toMatchObject({ depth: 1, inFlight: 1, dead: { contract: 0 } });
  bench.disk.faults = {};
  await outbox.bury(idOf(1), burial);
  await crashAndOpen();
  expect(outbox.stats()).toMatchObject({ depth: 0, dead: { contract: 1 } });
});

test('a discard that cannot be made durable is taken back', async () => {
  await outbox.append(eventOf(1));
  bench.disk.faults.sync = (path) => (path.endsWith('.log') ? 'EIO' : undefined);
  await expect(outbox.discard(idOf(1))).rejects.toThrow(OutboxFailed);
  expect(await outbox.get(idOf(1))).toMatchObject({ state: 'queued' });
  expect(conserves(outbox.stats())).toBe(true);
});

test('a read error that passes costs nothing; one that stays takes out that event only, until the next start', async () => {
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  await outbox.close();
  outbox = await bench.open({ retainBytes: 0, retainMs: 0 });
  bench.disk.faults.read = once('EIO');
  expect((await queuedBodies(outbox)).length).toBe(3);
  const second = 64 + bench.disk.bytes('/outbox/segments/0000000000000001.seg').readUInt32LE(68);
  bench.disk.faults.read = (_, position) => (position === second || position === 64 ? 'EIO' : undefined);
  expect(await queuedBodies(outbox)).toEqual(['{"n":3}']);
  for (const event of await outbox.takeBacklog(9)) outbox.settle(event.eventId, noteOf(1));
  bench.disk.faults = {};
  await outbox.close();
  outbox = await bench.open();
  expect(await queuedBodies(outbox)).toEqual(['{"n":1}', '{"n":2}']);
});

test('a segment that cannot be unlinked is not counted twice, and goes at the next start', async () => {
  await outbox.close();
  const options = { segmentBytes: 100, retainBytes: 0, retainMs: 0 };
  outbox = await bench.open(options);
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  bench.disk.faults.unlink = (path) => (path.endsWith('.seg') ? 'EIO' : undefined);
  for (const event of outbox.takeNew(3)) outbox.settle(event.eventId, noteOf(1));
  for (let i = 0; i < 30; i += 1) await bench.clock.sleep(1);
  expect(outbox.stats().totals).toMatchObject({ appended: 3, delivered: 3 });
  bench.disk.kill();
  outbox = await bench.open(options);
  expect(outbox.stats().totals).toMatchObject({ appended: 3, delivered: 3 });
  expect(outbox.stats().depth).toBe(0);
});
