/** Counter-examples that the model (model.test.ts) or a reviewer has found, each by name. Never removed. */
import type { Outbox } from './api.ts';
import { conserves } from './stats.ts';
import { eventOf, idOf, noteOf, OutboxBench, queuedBodies } from './testing/outbox-bench.ts';

const BURIAL = { class: 'contract' as const, problem: {} };
const turns = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Power cuts in which everything that was not synced is lost, and in which all of it is kept. */
const EXTREMES = [
  ['every unsynced write is lost', () => 0],
  ['every unsynced write is kept', () => 0.5],
] as const;

describe.each(EXTREMES)('when %s', (_, chance) => {
  let bench: OutboxBench;
  let outbox: Outbox;
  beforeEach(async () => {
    const { SimulatedDisk } = await import('./testing/simulated-disk.ts');
    bench = new OutboxBench(new SimulatedDisk(chance));
    outbox = await bench.open();
  });
  afterEach(async () => {
    bench.disk.faults = {};
    expect(conserves(outbox.stats())).toBe(true);
    await outbox.close();
  });
  const crashAndOpen = async (): Promise<void> => {
    bench.disk.crash();
    outbox = await bench.open();
  };

  test('a discard whose note a lazy flush had carried to the disk was acknowledged without a sync', async () => {
    await Promise.all([1, 2].map((n) => outbox.append(eventOf(n))));
    outbox.takeNew(1);
    for (const wait of [0, 3, 5, 6, 7, 8, 9, 12]) {
      const n = 10 + wait;
      await outbox.append(eventOf(n));
      outbox.settle(outbox.takeNew(1)[0]?.eventId ?? '', noteOf(1));
      await turns(wait);
      await outbox.append(eventOf(100 + n));
      await outbox.discard(idOf(100 + n));
      await crashAndOpen();
      expect(await outbox.get(idOf(100 + n))).toMatchObject({ state: 'discarded' });
    }
  });

  test('a burial that failed after its rename came back as a dead letter of an event that was discarded since', async () => {
    await outbox.append(eventOf(1));
    outbox.takeNew(1);
    let failures = 2; // the burial's own sync of the folder, and that of taking the letter back
    bench.disk.faults.syncDir = (path) => (path.endsWith('dead') && failures-- > 0 ? 'EIO' : undefined);
    await expect(outbox.bury(idOf(1), BURIAL)).rejects.toThrow(/EIO/);
    await outbox.discard(idOf(1));
    await crashAndOpen();
    expect(outbox.stats()).toMatchObject({ depth: 0, dead: { contract: 0 }, totals: { discarded: 1 } });
  });

  test('a record of a failed batch that reached the disk, sent again by its app, was delivered twice and counted twice', async () => {
    await outbox.append(eventOf(1));
    bench.disk.faults.sync = (path) => (path.endsWith('.seg') ? 'EIO' : undefined);
    await expect(outbox.append(eventOf(2))).rejects.toThrow(/EIO/);
    bench.disk.faults = {};
    await outbox.append(eventOf(2));
    await crashAndOpen();
    expect(await queuedBodies(outbox)).toEqual(['{"n":1}', '{"n":2}']);
    expect(outbox.stats().totals.appended).toBe(2);
  });

  test('a replay interrupted before its letter was removed counted the event as queued and as dead', async () => {
    await outbox.append(eventOf(1));
    outbox.takeNew(1);
    await outbox.bury(idOf(1), BURIAL);
    bench.disk.faults.rename = () => 'EIO'; // the ledger cannot be written
    await expect(outbox.replay(idOf(1))).rejects.toThrow(/closing a dead letter/);
    expect(conserves(outbox.stats())).toBe(true);
    await crashAndOpen();
    expect(outbox.stats()).toMatchObject({
      depth: 1,
      dead: { contract: 0 },
      totals: { appended: 1, deadMissing: 0 },
    });
  });

  test('an event that died, was replayed and died again is one dead letter', async () => {
    await outbox.append(eventOf(1));
    for (let round = 0; round < 3; round += 1) {
      outbox.takeNew(1);
      await outbox.takeBacklog(1);
      await outbox.bury(idOf(1), BURIAL);
      await crashAndOpen();
      expect(outbox.stats()).toMatchObject({
        depth: 0,
        dead: { contract: 1 },
        totals: { appended: 1, deadMissing: 0 },
      });
      await outbox.replay(idOf(1));
    }
    expect(await queuedBodies(outbox)).toEqual(['{"n":1}']);
  });

  test('a discarded dead letter was still told as dead, and its id could not be used again', async () => {
    await outbox.append(eventOf(1));
    outbox.takeNew(1);
    await outbox.bury(idOf(1), BURIAL);
    await outbox.discard(idOf(1));
    expect(await outbox.get(idOf(1))).toMatchObject({ state: 'discarded' });
    expect(await outbox.append(eventOf(1, '{"other":true}'))).toMatchObject({ outcome: 'appended' });
    await crashAndOpen();
    expect(await queuedBodies(outbox)).toEqual(['{"other":true}']);
  });

  test('numbers begin anew after everything was dropped, so that an old dead letter seemed newer than its replay', async () => {
    await outbox.close();
    const options = { segmentBytes: 1, retainBytes: 0, retainMs: 0 };
    outbox = await bench.open(options);
    for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
    for (const event of outbox.takeNew(2)) outbox.settle(event.eventId, noteOf(1));
    outbox.takeNew(1);
    await outbox.bury(idOf(3), BURIAL);
    await outbox.close();
    outbox = await bench.open(options);
    await outbox.replay(idOf(3));
    await crashAndOpen();
    const [event] = await outbox.takeBacklog(1);
    expect(event).toMatchObject({ eventId: idOf(3), sequence: 4 });
    expect(outbox.stats()).toMatchObject({ dead: { contract: 0 }, totals: { appended: 3, delivered: 2 } });
  });

  test('a record of a failed batch made the burial of its second copy look like a missing dead letter', async () => {
    bench.disk.faults.sync = (path) => (path.endsWith('.seg') ? 'EIO' : undefined);
    await expect(outbox.append(eventOf(2))).rejects.toThrow(/EIO/);
    bench.disk.faults = {};
    await outbox.append(eventOf(2));
    outbox.takeNew(1);
    await outbox.bury(idOf(2), BURIAL);
    await crashAndOpen();
    expect(outbox.stats()).toMatchObject({
      depth: 0,
      dead: { contract: 1 },
      totals: { appended: 1, deadMissing: 0 },
    });
  });

  test('an id that was being discarded was free before the discard was durable', async () => {
    await outbox.append(eventOf(1));
    const discard = outbox.discard(idOf(1));
    await turns(2);
    const again = outbox.append(eventOf(1, '{"other":true}'));
    await discard;
    expect(await again).toMatchObject({ outcome: 'appended' });
    await crashAndOpen();
    expect(await queuedBodies(outbox)).toEqual(['{"other":true}']);
    expect(outbox.stats().totals).toMatchObject({ appended: 2, discarded: 1 });
  });

  test('a dead letter that a killed process had left unsynced was believed, its record dropped, and both were lost in a power cut', async () => {
    const options = { segmentBytes: 1, retainBytes: 0, retainMs: 0 };
    for (let n = 1; n <= 12; n += 1) {
      await outbox.close();
      outbox = await bench.open(options);
      await outbox.append(eventOf(n));
      outbox.takeNew(1);
      outbox.bury(idOf(n), BURIAL).catch(() => undefined);
      await turns(n);
      bench.disk.kill();
      outbox = await bench.open(options);
      await outbox.append(eventOf(100 + n));
      await turns(60);
      bench.disk.crash();
      outbox = await bench.open(options);
      expect(['queued', 'dead']).toContain((await outbox.get(idOf(n)))?.state);
    }
  });

  test('a discard that a killed process had left unsynced was told as done, and undone by a power cut', async () => {
    for (let n = 1; n <= 12; n += 1) {
      await outbox.append(eventOf(n));
      outbox.discard(idOf(n)).catch(() => undefined);
      await turns(n);
      bench.disk.kill();
      outbox = await bench.open();
      const told = (await outbox.get(idOf(n)))?.state;
      await crashAndOpen();
      expect((await outbox.get(idOf(n)))?.state).toBe(told);
    }
  });

  test('while a replay waited for the lock to be read, its event counted as queued and as dead', async () => {
    await outbox.append(eventOf(1));
    outbox.takeNew(1);
    await outbox.bury(idOf(1), BURIAL);
    const replay = outbox.replay(idOf(1));
    for (let i = 0; i < 40; i += 1) {
      await turns(1);
      expect(conserves(outbox.stats())).toBe(true);
    }
    await replay;
  });

  test('a disk that failed while room was made came through as an error that no caller knows', async () => {
    await outbox.close();
    outbox = await bench.open({ maxBytes: 1600 });
    const refused = async (n: number): Promise<unknown> => {
      try {
        await outbox.append(eventOf(n, `"${'x'.repeat(100)}"`));
        for (const event of outbox.takeNew(9)) outbox.settle(event.eventId, noteOf(1));
        return undefined;
      } catch (error) {
        return error;
      }
    };
    bench.disk.faults.rename = (_, to) => (to.endsWith('ledger.json') ? 'EIO' : undefined);
    let error: unknown;
    for (let n = 1; n < 30 && error === undefined; n += 1) error = await refused(n);
    expect(error).toMatchObject({ code: 'outbox_failed' });
  });

  test('a replay that the ledger could not note, and its event that died again: one dead letter, not one of two missing', async () => {
    await outbox.append(eventOf(1));
    outbox.takeNew(1);
    await outbox.bury(idOf(1), BURIAL);
    bench.disk.faults.rename = (_, to) => (to.endsWith('ledger.json') ? 'EIO' : undefined);
    await expect(outbox.replay(idOf(1))).rejects.toThrow(/closing a dead letter/);
    bench.disk.faults = {};
    outbox.takeNew(1);
    await outbox.bury(idOf(1), BURIAL);
    await crashAndOpen();
    expect(outbox.stats()).toMatchObject({
      dead: { contract: 1 },
      totals: { appended: 1, delivered: 0, deadMissing: 0 },
    });
  });

  test('a replay that the ledger could not note, delivered and dropped, came back as a dead letter', async () => {
    await outbox.close();
    const options = { segmentBytes: 1, retainBytes: 0, retainMs: 0 };
    outbox = await bench.open(options);
    await outbox.append(eventOf(1));
    outbox.takeNew(1);
    await outbox.bury(idOf(1), BURIAL);
    bench.disk.faults.rename = (_, to) => (to.endsWith('ledger.json') ? 'EIO' : undefined);
    await expect(outbox.replay(idOf(1))).rejects.toThrow(/closing a dead letter/);
    bench.disk.faults = {};
    outbox.settle(outbox.takeNew(1)[0]?.eventId ?? '', noteOf(1));
    await outbox.append(eventOf(2));
    await turns(60);
    await crashAndOpen();
    expect(outbox.stats()).toMatchObject({ dead: { contract: 0 }, totals: { appended: 2, deadMissing: 0 } });
  });

  test('to ask for a delivered event while its segment was dropped was an error of the disk', async () => {
    await outbox.close();
    const options = { segmentBytes: 1, retainBytes: 0, retainMs: 1000 };
    outbox = await bench.open(options);
    for (let n = 1; n <= 12; n += 1) {
      await outbox.append(eventOf(n));
      for (const event of outbox.takeNew(9)) outbox.settle(event.eventId, noteOf(1));
      const append = outbox.append(eventOf(100 + n));
      await turns(n);
      const state = (await outbox.get(idOf(n)))?.state;
      expect([undefined, 'delivered']).toContain(state);
      await append;
    }
  });

  test('the folder of the outbox was a name that nobody had synced: a power cut took it with every acknowledged event', async () => {
    await outbox.append(eventOf(1));
    await crashAndOpen();
    expect(await queuedBodies(outbox)).toEqual(['{"n":1}']);
  });

  test('a closed outbox dropped segments after it had given its lock back, under the feet of the next one', async () => {
    const options = { segmentBytes: 1, retainBytes: 0, retainMs: 0 };
    await outbox.close();
    for (let n = 1; n <= 6; n += 1) {
      outbox = await bench.open(options);
      await outbox.append(eventOf(n));
      outbox.settle(outbox.takeNew(1)[0]?.eventId ?? '', noteOf(1));
      await turns(n);
      await outbox.close();
      const files = bench.disk.files();
      await turns(40);
      expect(bench.disk.files()).toEqual(files);
    }
    outbox = await bench.open(options);
    expect(outbox.stats().totals).toMatchObject({ appended: 6, delivered: 6 });
  });
});
