import type { Outbox } from './api.ts';
import { EventIdConflict, OutboxClosed, OutboxFull, UnknownEvent } from './errors.ts';
import { conserves } from './stats.ts';
import { eventOf, idOf, noteOf, OutboxBench, queuedBodies } from './testing/outbox-bench.ts';

const PROBLEM = { class: 'contract' as const, problem: { code: 'contract_violation', status: 422 } };

let bench: OutboxBench;
let outbox: Outbox;
beforeEach(async () => {
  bench = new OutboxBench();
  outbox = await bench.open();
});
afterEach(async () => {
  const stats = outbox.stats();
  await outbox.close();
  expect(conserves(stats)).toBe(true);
  expect(stats.totals).toMatchObject({ quarantined: 0, deadMissing: 0 });
});

const appendAll = (...numbers: number[]) => Promise.all(numbers.map((n) => outbox.append(eventOf(n))));
const deliverAll = async (): Promise<void> => {
  for (const event of [...outbox.takeNew(100), ...(await outbox.takeBacklog(100))]) {
    outbox.settle(event.eventId, noteOf(bench.clock.now()));
  }
};
const reopen = async (options = {}): Promise<void> => {
  await outbox.close();
  outbox = await bench.open(options);
};

test('an appended event comes back with its exact bytes, headers, id and time', async () => {
  const body = Buffer.from([0x7b, 0x20, 0x22, 0xc3, 0xa9, 0x22, 0x7d]);
  const headers = { ...eventOf(1).headers, traceparent: '00-aa-bb-01', 'x-odd': 'v' };
  const appended = await outbox.append({ eventId: idOf(1).toUpperCase(), headers, body });
  expect(appended).toEqual({ outcome: 'appended', state: 'queued', acceptedAt: bench.clock.now() });
  await reopen();
  const [event] = await outbox.takeBacklog(1);
  expect(event).toEqual({ eventId: idOf(1), headers, body, acceptedAt: appended.acceptedAt, sequence: 1 });
});

test('who arrives while a sync is under way rides the next one', async () => {
  const before = outbox.stats().session.syncs;
  const first = outbox.append(eventOf(0));
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([first, appendAll(...Array.from({ length: 50 }, (_, i) => i + 1))]);
  expect(outbox.stats().session.syncs - before).toBe(2);
});

test('the same id with the same bytes is a duplicate, in flight, queued, delivered, dead and after a restart', async () => {
  const [a, b] = await Promise.all([outbox.append(eventOf(1)), outbox.append(eventOf(1))]);
  expect([a.outcome, b.outcome]).toEqual(['appended', 'duplicate']);
  await appendAll(2, 3);
  expect(await outbox.append(eventOf(2))).toMatchObject({ outcome: 'duplicate', state: 'queued' });
  for (const event of outbox.takeNew(3)) {
    if (event.eventId === idOf(2)) outbox.settle(idOf(2), noteOf(1));
    if (event.eventId === idOf(3)) await outbox.bury(idOf(3), PROBLEM);
  }
  expect(await outbox.append(eventOf(2))).toMatchObject({ outcome: 'duplicate', state: 'delivered' });
  expect(await outbox.append(eventOf(3))).toMatchObject({ outcome: 'duplicate', state: 'dead' });
  await reopen();
  expect(await outbox.append(eventOf(1))).toMatchObject({ outcome: 'duplicate', state: 'queued' });
  expect(await outbox.append(eventOf(3))).toMatchObject({ outcome: 'duplicate', state: 'dead' });
  expect(outbox.stats().totals.appended).toBe(3);
});

test('the same id with other bytes is a conflict, in flight, queued and delivered', async () => {
  const other = eventOf(1, '{"n":"other"}');
  const results = await Promise.allSettled([outbox.append(eventOf(1)), outbox.append(other)]);
  expect(results[1]).toMatchObject({ status: 'rejected', reason: expect.any(EventIdConflict) });
  await expect(outbox.append(other)).rejects.toThrow(EventIdConflict);
  await deliverAll();
  await expect(outbox.append(other)).rejects.toThrow(/already delivered with other content/);
  expect(await queuedBodies(outbox)).toEqual([]);
});

test('what counts as the same content is the caller’s to say', async () => {
  const sameContent = (a: Buffer, b: Buffer): boolean => JSON.parse(`${a}`).n === JSON.parse(`${b}`).n;
  await reopen({ sameContent });
  await outbox.append(eventOf(1, '{"n":1}'));
  expect(await outbox.append(eventOf(1, '{ "n": 1 }'))).toMatchObject({ outcome: 'duplicate' });
});

test('a key or a cookie is never written to disk', async () => {
  const event = { ...eventOf(1), headers: { authorization: 'Bearer k' } };
  await expect(outbox.append(event)).rejects.toThrow(/authorization must not be stored/);
});

test('new events are handed out from memory, the backlog from disk, each event to one taker', async () => {
  await appendAll(1, 2, 3);
  expect(outbox.takeNew(2).map((event) => event.sequence)).toEqual([1, 2]);
  expect((await outbox.takeBacklog(10)).length).toBe(0);
  outbox.release([idOf(1), idOf(2), idOf(99)]);
  expect((await outbox.takeBacklog(10)).map((event) => event.sequence)).toEqual([1, 2]);
  expect(outbox.takeNew(10).map((event) => event.sequence)).toEqual([3]);
  expect(outbox.stats()).toMatchObject({ depth: 3, inFlight: 3 });
});

test('fresh events beyond the memory bound are left to the backlog, oldest first', async () => {
  await reopen({ freshBytes: 2000 });
  for (let n = 1; n <= 6; n += 1) await outbox.append(eventOf(n));
  expect((await outbox.takeBacklog(10)).map((event) => event.sequence)).toEqual([1, 2, 3]);
  expect(outbox.takeNew(10).map((event) => event.sequence)).toEqual([4, 5, 6]);
});

test('a delivered event keeps its receipt, over a restart too', async () => {
  await appendAll(1);
  const deliveredAt = bench.clock.now();
  await deliverAll();
  expect(await outbox.get(idOf(1))).toMatchObject({
    state: 'delivered',
    delivery: { requestId: 'req-1', writeMs: 4 },
  });
  await reopen();
  expect(await outbox.get(idOf(1))).toMatchObject({
    state: 'delivered',
    delivery: noteOf(deliveredAt),
  });
  expect(await outbox.list({ state: 'delivered', limit: 5 })).toMatchObject([{ eventId: idOf(1), bytes: 7 }]);
  expect(outbox.lastDelivery).toEqual({ eventId: idOf(1), note: noteOf(deliveredAt) });
});

test('a dead letter survives restarts with bytes, problem and class, and is replayed under its own id', async () => {
  await appendAll(1, 2);
  outbox.takeNew(2);
  await outbox.bury(idOf(1), { ...PROBLEM, attempts: 3 });
  await outbox.bury(idOf(2), { class: 'system', problem: 'proxy' });
  await reopen();
  expect(outbox.stats().dead).toEqual({ contract: 1, system: 1 });
  const letter = await outbox.deadLetter(idOf(1));
  expect(letter).toMatchObject({
    ...PROBLEM,
    attempts: 3,
    headers: eventOf(1).headers,
    body: eventOf(1).body,
  });
  expect(await outbox.get(idOf(1))).toMatchObject({ state: 'dead', burial: PROBLEM });
  expect(await outbox.list({ state: 'dead', limit: 9 })).toMatchObject([
    { eventId: idOf(1), class: 'contract' },
    {},
  ]);
  await outbox.replay(idOf(1));
  expect(await queuedBodies(outbox)).toEqual(['{"n":1}']);
  await reopen();
  expect(await queuedBodies(outbox)).toEqual(['{"n":1}']);
  expect(outbox.stats()).toMatchObject({
    depth: 1,
    dead: { contract: 0, system: 1 },
    totals: { appended: 2 },
  });
});

test('a replay with other bytes goes out under a fresh id and closes the letter', async () => {
  await appendAll(1);
  outbox.takeNew(1);
  await outbox.bury(idOf(1), PROBLEM);
  expect(await outbox.replay(idOf(1), eventOf(7, '{"fixed":true}'))).toEqual({ eventId: idOf(7) });
  expect(await queuedBodies(outbox)).toEqual(['{"fixed":true}']);
  expect(outbox.stats()).toMatchObject({ dead: { contract: 0 }, totals: { appended: 2, discarded: 1 } });
});

test('a delivered event that is still retained can be sent again', async () => {
  await appendAll(1);
  await deliverAll();
  await outbox.replay(idOf(1));
  await reopen();
  expect(await queuedBodies(outbox)).toEqual(['{"n":1}']);
  await expect(outbox.replay(idOf(2))).rejects.toThrow(UnknownEvent);
});

test('a discarded event, queued or dead, is gone for good and counted', async () => {
  await appendAll(1, 2, 3);
  outbox.takeNew(1);
  await outbox.bury(idOf(1), PROBLEM);
  await outbox.discard(idOf(1));
  await outbox.discard(idOf(2));
  await expect(outbox.discard(idOf(9))).rejects.toThrow(UnknownEvent);
  bench.disk.crash();
  outbox = await bench.open();
  expect(await queuedBodies(outbox)).toEqual(['{"n":3}']);
  expect(outbox.stats()).toMatchObject({
    depth: 1,
    dead: { contract: 0 },
    totals: { appended: 3, discarded: 2 },
  });
});

test('a full outbox refuses, evicts nothing, and accepts again once something is delivered', async () => {
  await reopen({ maxBytes: 4000, segmentBytes: 500 });
  const refused: unknown[] = [];
  for (let n = 1; n <= 60; n += 1)
    await outbox.append(eventOf(n)).catch((error: unknown) => refused.push(error));
  expect(refused[0]).toBeInstanceOf(OutboxFull);
  const kept = 60 - refused.length;
  expect(outbox.stats()).toMatchObject({ depth: kept, quota: { maxBytes: 4000 } });
  expect(outbox.stats().quota.usedBytes).toBeLessThanOrEqual(4000 + 500);
  expect(outbox.health()).toEqual({ ok: true });
  expect((await queuedBodies(outbox)).length).toBe(kept);
  await deliverAll();
  await appendAll(100);
  expect(outbox.stats().totals).toMatchObject({ delivered: kept, appended: kept + 1 });
});

test('settled segments are dropped after their time and beyond their bytes, oldest first, and totals stay', async () => {
  await reopen({ segmentBytes: 200, retainBytes: 700, retainMs: 1000 });
  for (let n = 1; n <= 20; n += 1) {
    await appendAll(n);
    await deliverAll();
  }
  await reopen({ segmentBytes: 200, retainBytes: 700, retainMs: 1000 });
  const stats = outbox.stats();
  expect(stats.quota.retainedBytes).toBeLessThanOrEqual(700);
  expect(stats.totals).toMatchObject({ appended: 20, delivered: 20 });
  expect(await outbox.get(idOf(1))).toBeUndefined();
  expect(await outbox.get(idOf(20))).toMatchObject({ state: 'delivered' });
  bench.clock.time += 2000;
  await reopen({ segmentBytes: 200, retainBytes: 700, retainMs: 1000 });
  await outbox.close();
  outbox = await bench.open();
  expect(outbox.stats().segments).toBe(1);
  expect(outbox.stats().totals).toMatchObject({ appended: 20, delivered: 20 });
});

test('a segment with one queued event is never dropped', async () => {
  await reopen({ segmentBytes: 400, retainBytes: 0, retainMs: 0 });
  await appendAll(1, 2, 3, 4);
  await appendAll(5, 6, 7, 8);
  for (const event of outbox.takeNew(100)) {
    if (event.eventId !== idOf(2)) outbox.settle(event.eventId, noteOf(1));
  }
  await reopen({ retainBytes: 0, retainMs: 0 });
  expect(await queuedBodies(outbox)).toEqual(['{"n":2}']);
});

test('after close nothing is accepted and the health says so', async () => {
  await outbox.close();
  await expect(outbox.append(eventOf(1))).rejects.toThrow(OutboxClosed);
  expect(outbox.health().ok).toBe(false);
});

test('oldest age and bytes speak of what is queued', async () => {
  expect(outbox.stats().oldestAcceptedAt).toBeUndefined();
  await appendAll(1);
  const first = bench.clock.now();
  bench.clock.time += 5000;
  await appendAll(2);
  expect(outbox.stats().oldestAcceptedAt).toBe(first);
  outbox.takeNew(1);
  outbox.settle(idOf(1), noteOf(1));
  expect(outbox.stats().oldestAcceptedAt).toBe(bench.clock.now());
});
