import type { Outbox } from './api.ts';
import { OutboxTooNew } from './errors.ts';
import { RECORD_HEAD_BYTES, SEGMENT_HEADER_BYTES } from './format.ts';
import { conserves } from './stats.ts';
import { eventOf, idOf, noteOf, OutboxBench, queuedBodies } from './testing/outbox-bench.ts';
import type { SimulatedDisk } from './testing/simulated-disk.ts';

const SEGMENT = '/outbox/segments/0000000000000001.seg';
const INDEX = '/outbox/segments/0000000000000001.idx';

/** A closed outbox with three events in its only segment, without the index so that a start must read them. */
async function threeEvents(): Promise<SimulatedDisk> {
  const bench = new OutboxBench();
  const outbox = await bench.open();
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  await outbox.close();
  await bench.disk.attach().unlink(INDEX);
  return bench.disk.copy();
}

async function opened<T>(disk: SimulatedDisk, look: (outbox: Outbox) => Promise<T>): Promise<T> {
  const outbox = await new OutboxBench(disk).open();
  try {
    expect(conserves(outbox.stats())).toBe(true);
    return await look(outbox);
  } finally {
    await outbox.close();
  }
}

const flip = (bytes: Buffer, at: number): Buffer => {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ 0x10;
  return damaged;
};

const recordAt = (file: Buffer, n: number): { from: number; to: number } => {
  let from = SEGMENT_HEADER_BYTES;
  for (let i = 1; i < n; i += 1) from += file.readUInt32LE(from + 4);
  return { from, to: from + file.readUInt32LE(from + 4) };
};

test('a tail torn at any byte of the last record is cut, counted and never delivered; the rest is', async () => {
  const whole = await threeEvents();
  const file = whole.bytes(SEGMENT);
  const last = recordAt(file, 3);
  for (let end = last.from + 1; end < last.to; end += 1) {
    const disk = whole.copy();
    disk.overwrite(SEGMENT, file.subarray(0, end));
    await opened(disk, async (outbox) => {
      expect(await queuedBodies(outbox)).toEqual(['{"n":1}', '{"n":2}']);
      expect(outbox.stats().session.tornBytes).toBe(end - last.from);
      expect(outbox.stats().quarantine.records).toBe(0);
    });
    expect(disk.bytes(SEGMENT).length).toBe(last.from);
  }
});

test('a tail of zeroes, as after a crash that grew the file, is cut', async () => {
  const disk = await threeEvents();
  disk.overwrite(SEGMENT, Buffer.concat([disk.bytes(SEGMENT), Buffer.alloc(4096)]));
  await opened(disk, async (outbox) => {
    expect((await queuedBodies(outbox)).length).toBe(3);
    expect(outbox.stats().session.tornBytes).toBe(4096);
  });
});

test('one damaged byte anywhere in a middle record costs that record alone; it is kept, named and reported', async () => {
  const whole = await threeEvents();
  const file = whole.bytes(SEGMENT);
  const middle = recordAt(file, 2);
  for (let at = middle.from; at < middle.to; at += 1) {
    const disk = whole.copy();
    disk.overwrite(SEGMENT, flip(file, at));
    await opened(disk, async (outbox) => {
      expect(await queuedBodies(outbox)).toEqual(['{"n":1}', '{"n":3}']);
      const name = `quarantine/0000000000000001-${middle.from}.bin`;
      expect(outbox.stats().quarantine).toEqual({
        records: 1,
        bytes: middle.to - middle.from,
        files: [name],
      });
    });
    const report = JSON.parse(
      disk.bytes(`/outbox/quarantine/0000000000000001-${middle.from}.json`).toString(),
    );
    expect(report).toMatchObject({ segment: 1, offset: middle.from, bytes: middle.to - middle.from });
    expect(disk.bytes(SEGMENT)[at]).toBe(flip(file, at)[at]);
  }
});

test('a damaged file header costs no event', async () => {
  const whole = await threeEvents();
  for (const at of [0, 9, 17, 33, 61]) {
    const disk = whole.copy();
    disk.overwrite(SEGMENT, flip(disk.bytes(SEGMENT), at));
    await opened(disk, async (outbox) => {
      expect((await queuedBodies(outbox)).length).toBe(3);
      expect(outbox.stats().quarantine.records).toBe(1);
    });
  }
});

test('a record copied to another place, or into another segment, is no record', async () => {
  const disk = await threeEvents();
  const file = disk.bytes(SEGMENT);
  const { from, to } = recordAt(file, 1);
  const moved = Buffer.concat([file, file.subarray(from, to)]);
  disk.overwrite(SEGMENT, moved);
  disk.overwrite('/outbox/segments/0000000000000002.seg', file);
  await opened(disk, async (outbox) => {
    expect((await queuedBodies(outbox)).length).toBe(3);
  });
});

test('a sealed segment that is damaged behind its index is found when it is read: one event in quarantine, no more', async () => {
  const bench = new OutboxBench();
  let outbox = await bench.open();
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  await outbox.close();
  const middle = recordAt(bench.disk.bytes(SEGMENT), 2);
  bench.disk.overwrite(SEGMENT, flip(bench.disk.bytes(SEGMENT), middle.from + RECORD_HEAD_BYTES + 5));
  outbox = await bench.open();
  expect(outbox.stats().depth).toBe(3);
  expect(await queuedBodies(outbox)).toEqual(['{"n":1}', '{"n":3}']);
  expect(outbox.stats()).toMatchObject({
    depth: 2,
    totals: { appended: 3, quarantined: 1 },
    quarantine: { records: 1 },
  });
  expect(conserves(outbox.stats())).toBe(true);
  await outbox.close();
  outbox = await bench.open();
  expect(outbox.stats()).toMatchObject({ depth: 2, totals: { quarantined: 1 }, quarantine: { records: 1 } });
  await outbox.close();
});

test('a missing, torn, foreign or outdated index is made anew and changes nothing', async () => {
  const bench = new OutboxBench();
  const outbox = await bench.open();
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  await outbox.close();
  const good = bench.disk.bytes(INDEX);
  const other = Buffer.from(good);
  other.writeBigUInt64LE(2n, 16);
  for (const bytes of [undefined, good, good.subarray(0, 90), flip(good, 95), other, Buffer.alloc(0)]) {
    const disk = bench.disk.copy();
    if (bytes === undefined) await disk.attach().unlink(INDEX);
    else disk.overwrite(INDEX, bytes);
    await opened(disk, async (again) => expect((await queuedBodies(again)).length).toBe(3));
    expect(disk.bytes(INDEX)).toEqual(good);
  }
});

test('a settle journal that is damaged only sends again what it can no longer tell', async () => {
  const bench = new OutboxBench();
  let outbox = await bench.open();
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  for (const event of outbox.takeNew(3)) outbox.settle(event.eventId, noteOf(1));
  await outbox.close();
  const journal = '/outbox/settled/0000000000000001.log';
  const bytes = bench.disk.bytes(journal);
  bench.disk.overwrite(journal, flip(bytes, Math.floor(bytes.length / 2)));
  outbox = await bench.open();
  expect(await queuedBodies(outbox)).toEqual(['{"n":2}']);
  expect(conserves(outbox.stats())).toBe(true);
  await outbox.close();
});

test('files that are not ours are named and left alone, also a dead letter that cannot be read', async () => {
  const disk = await threeEvents();
  const strange = ['/outbox/notes.txt', '/outbox/segments/1.seg', '/outbox/settled/x', '/outbox/dead/y.json'];
  for (const path of strange) disk.overwrite(path, Buffer.from('?'));
  disk.overwrite('/outbox/settled/0000000000000044.log', Buffer.from('?'));
  await opened(disk, async (outbox) => {
    const names = [...strange.map((path) => path.slice('/outbox/'.length)), 'settled/0000000000000044.log'];
    expect(outbox.stats().orphans.sort()).toEqual(names.sort());
  });
  for (const path of strange) expect(disk.bytes(path).toString()).toBe('?');
});

test('a segment that vanished is missed by name, one that was dropped is not', async () => {
  const bench = new OutboxBench();
  const options = { segmentBytes: 100, retainBytes: 0, retainMs: 0 };
  const outbox = await bench.open(options);
  for (const n of [1, 2, 3, 4, 5]) await outbox.append(eventOf(n));
  for (const event of outbox.takeNew(2)) outbox.settle(event.eventId, noteOf(1));
  await outbox.close();
  const segments = bench.disk.files().filter((path) => path.endsWith('.seg'));
  await bench.disk.attach().unlink(segments[1] ?? '');
  const again = await bench.open(options);
  expect(again.stats().missingSegments).toEqual([Number(/(\d+)\.seg/.exec(segments[1] ?? '')?.[1])]);
  await again.close();
});

test('a newer format is refused with a sentence, and nothing is changed', async () => {
  const disk = await threeEvents();
  const file = disk.bytes(SEGMENT);
  file.writeUInt16LE(9, 8);
  file.writeUInt16LE(9, 10);
  const { crc32 } = await import('node:zlib');
  file.writeUInt32LE(crc32(file.subarray(0, 60)), 60);
  disk.overwrite(SEGMENT, file);
  await expect(new OutboxBench(disk).open()).rejects.toThrow(OutboxTooNew);
  await expect(new OutboxBench(disk).open()).rejects.toThrow(/reads up to 1: run the release that wrote it/);
  expect(disk.bytes(SEGMENT)).toEqual(file);
});

test('a damaged ledger costs the totals of the past, never an event', async () => {
  const bench = new OutboxBench();
  const outbox = await bench.open({ segmentBytes: 100, retainBytes: 0, retainMs: 0 });
  for (const n of [1, 2, 3]) await outbox.append(eventOf(n));
  for (const event of outbox.takeNew(2)) outbox.settle(event.eventId, noteOf(1));
  await outbox.close();
  bench.disk.overwrite('/outbox/ledger.json', flip(bench.disk.bytes('/outbox/ledger.json'), 60));
  await opened(bench.disk, async (again) => {
    expect(await queuedBodies(again)).toEqual(['{"n":3}']);
    expect(again.stats().quarantine.files).toEqual(['quarantine/0000000000000000-0.bin']);
  });
});

test('the id of a damaged record can be appended again', async () => {
  const disk = await threeEvents();
  const file = disk.bytes(SEGMENT);
  disk.overwrite(SEGMENT, flip(file, recordAt(file, 2).from + 45));
  await opened(disk, async (outbox) => {
    expect(await outbox.append(eventOf(2))).toMatchObject({ outcome: 'appended' });
    expect(await outbox.get(idOf(2))).toMatchObject({ state: 'queued' });
  });
});
