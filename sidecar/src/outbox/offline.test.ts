import { listOutbox, showEvent, verifyOutbox } from './offline.ts';
import { DIR, eventOf, idOf, noteOf, OutboxBench } from './testing/outbox-bench.ts';

async function prepared(): Promise<OutboxBench> {
  const bench = new OutboxBench();
  const outbox = await bench.open();
  for (const n of [1, 2, 3, 4]) await outbox.append(eventOf(n));
  outbox.takeNew(3);
  outbox.settle(idOf(1), noteOf(7));
  await outbox.bury(idOf(2), { class: 'system', problem: { code: 'x' } });
  await outbox.discard(idOf(3));
  for (let i = 0; i < 20; i += 1) await bench.clock.sleep(1);
  // As a running forwarder leaves it: not closed, lock in place.
  return bench;
}

test('a folder is listed, shown and verified while a forwarder runs, without changing a byte', async () => {
  const bench = await prepared();
  const disk = bench.disk.attach();
  const before = bench.disk.files().map((path) => [path, bench.disk.bytes(path)]);
  const listing = await listOutbox(DIR, { disk });
  expect(listing.events).toMatchObject([{ eventId: idOf(4), state: 'queued', bytes: 7 }]);
  expect(listing.totals).toEqual({ queued: 1, delivered: 1, dead: 1, discarded: 1 });
  expect((await listOutbox(DIR, { disk, state: 'dead' })).events).toMatchObject([
    { eventId: idOf(2), class: 'system' },
  ]);
  const shown = await showEvent(DIR, idOf(1), { disk });
  expect(shown).toMatchObject({
    status: { state: 'delivered', delivery: noteOf(7) },
    event: { body: eventOf(1).body },
  });
  expect(await showEvent(DIR, idOf(2), { disk })).toMatchObject({
    status: { state: 'dead' },
    event: { problem: { code: 'x' } },
  });
  expect(await showEvent(DIR, idOf(3), { disk })).toMatchObject({ status: { state: 'discarded' } });
  expect(await showEvent(DIR, idOf(9), { disk })).toBeUndefined();
  const report = await verifyOutbox(DIR, { disk });
  expect(report).toMatchObject({
    ok: true,
    counts: { queued: 1, delivered: 1, dead: 1, discarded: 1 },
    torn: [],
    corrupt: [],
  });
  expect(bench.disk.files().map((path) => [path, bench.disk.bytes(path)])).toEqual(before);
});

test('a torn tail is reported and is no fault; a damaged middle, a stranger, a missing letter are faults', async () => {
  const bench = await prepared();
  const path = '/outbox/segments/0000000000000001.seg';
  const file = bench.disk.bytes(path);
  const torn = bench.disk.copy();
  torn.overwrite(path, file.subarray(0, file.length - 1));
  expect(await verifyOutbox(DIR, { disk: torn.attach() })).toMatchObject({
    ok: true,
    torn: [{ file: path }],
    corrupt: [],
  });
  const damaged = bench.disk.copy();
  const bytes = Buffer.from(file);
  bytes[80] = (bytes[80] ?? 0) ^ 1;
  damaged.overwrite(path, bytes);
  expect(await verifyOutbox(DIR, { disk: damaged.attach() })).toMatchObject({
    ok: false,
    corrupt: [{ offset: 64 }],
  });
  const stranger = bench.disk.copy();
  stranger.overwrite('/outbox/x', Buffer.from('?'));
  expect(await verifyOutbox(DIR, { disk: stranger.attach() })).toMatchObject({ ok: false, orphans: ['x'] });
  const robbed = bench.disk.copy();
  await robbed.attach().unlink(`/outbox/dead/${idOf(2)}.json`);
  expect(await verifyOutbox(DIR, { disk: robbed.attach() })).toMatchObject({ ok: false, deadMissing: 1 });
});

test('an empty or missing folder verifies', async () => {
  const bench = new OutboxBench();
  expect(await verifyOutbox(DIR, { disk: bench.disk.attach() })).toMatchObject({ ok: true, segments: 0 });
});
