import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@scholar/runtime/clock';
import { OutboxLocked } from './errors.ts';
import { verifyOutbox } from './offline.ts';
import { openOutbox } from './open.ts';
import { conserves } from './stats.ts';
import { killAfter, killLog, startAppending } from './testing/kill-log.ts';

let dir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'outbox-kill-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

test('after kill -9 under load every acknowledged event is there, byte for byte, and nothing is damaged', async () => {
  const report = await killLog({ dir, random: Math.random, kills: 4 });
  expect(report).toMatchObject({ lost: [], altered: [], whole: true, conserves: true });
  expect(report.acknowledged).toBeGreaterThan(0);
}, 120_000);

test('a second process cannot open the folder while the first lives, and can when it is dead', async () => {
  child = startAppending(dir);
  const running = killAfter(child, 1_000_000);
  const deadline = Date.now() + 10_000;
  for (;;) {
    const report = await verifyOutbox(dir);
    if (report.inUseBy !== undefined && report.segments > 0) break;
    if (Date.now() > deadline) throw new Error('the child did not start');
    await systemClock.sleep(20);
  }
  await expect(openOutbox({ dir, clock: systemClock })).rejects.toThrow(OutboxLocked);
  child?.kill('SIGKILL');
  await running;
  const outbox = await openOutbox({ dir, clock: systemClock });
  await outbox.close();
  expect((await verifyOutbox(dir)).inUseBy).toBeUndefined();
}, 30_000);

test('on a real disk: append, restart from the index, deliver, bury, replay, drop', async () => {
  const options = { dir, clock: systemClock, segmentBytes: 2000, retainBytes: 0, retainMs: 0 };
  let outbox = await openOutbox(options);
  const id = (n: number): string => `0000000${n}-0000-4000-8000-000000000000`;
  const headers = { 'content-type': 'application/json' };
  for (let n = 0; n < 8; n += 1)
    await outbox.append({ eventId: id(n), headers, body: Buffer.alloc(900, 65 + n) });
  await outbox.close();
  outbox = await openOutbox(options);
  const events = await outbox.takeBacklog(8);
  expect(events.map((event) => event.body.toString('latin1', 0, 2)).join('')).toBe('AABBCCDDEEFFGGHH');
  await outbox.bury(id(0), { class: 'contract', problem: {} });
  for (let n = 1; n < 8; n += 1)
    outbox.settle(id(n), {
      requestId: 'r',
      receivedAt: '',
      duplicate: false,
      deliveredAt: 1,
      writeMs: 1,
      retries: 0,
    });
  await outbox.close();
  outbox = await openOutbox(options);
  await outbox.replay(id(0));
  expect(outbox.takeNew(9).map((event) => event.eventId)).toEqual([id(0)]);
  expect(outbox.stats()).toMatchObject({
    depth: 1,
    dead: { contract: 0, system: 0 },
    totals: { appended: 8, delivered: 7 },
  });
  expect(conserves(outbox.stats())).toBe(true);
  await outbox.close();
  expect(await verifyOutbox(dir)).toMatchObject({ ok: true, counts: { queued: 1 } });
});
