import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@scholar/runtime/clock';
import { processEnv } from '@scholar/runtime/config';
import { OutboxLocked } from './errors.ts';
import { verifyOutbox } from './offline.ts';
import { openOutbox } from './open.ts';
import { conserves } from './stats.ts';

/** `make torture` raises it. */
const KILLS = Number(processEnv()['OUTBOX_KILLS'] ?? 4);
const SCRIPT = join(import.meta.dirname, 'testing/append-for-ever.ts');

let dir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'outbox-kill-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

/** Lets a process append until it has acknowledged `least` events, then kills it at once; answers the acknowledged ids. */
async function killAfter(least: number): Promise<string[]> {
  child = spawn(process.execPath, ['--conditions=source', SCRIPT, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.setEncoding('latin1').on('data', (text: string) => {
    output += text;
    if (output.length >= least * 37) child?.kill('SIGKILL');
  });
  await once(child, 'close');
  child = undefined;
  return output.split('\n').filter((line) => line.length === 36);
}

test('after kill -9 under load every acknowledged event is there, byte for byte, and nothing is damaged', async () => {
  const acknowledged = new Set<string>();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    for (const id of await killAfter(1 + Math.floor(Math.random() * 1500))) acknowledged.add(id);
    expect(await verifyOutbox(dir)).toMatchObject({ ok: true });
  }
  const outbox = await openOutbox({ dir, clock: systemClock });
  expect(conserves(outbox.stats())).toBe(true);
  const found = new Map((await outbox.takeBacklog(1_000_000)).map((event) => [event.eventId, event]));
  const lost = [...acknowledged].filter((id) => !found.has(id));
  expect(lost).toEqual([]);
  for (const [id, event] of found) expect(JSON.parse(event.body.toString()).eventId).toBe(id);
  expect(outbox.stats().depth).toBe(found.size);
  await outbox.close();
}, 120_000);

test('a second process cannot open the folder while the first lives, and can when it is dead', async () => {
  const running = killAfter(1_000_000);
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
