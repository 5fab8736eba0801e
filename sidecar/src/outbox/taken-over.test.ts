import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@scholar/runtime/clock';
import type { Outbox } from './api.ts';
import { OutboxFailed } from './errors.ts';
import { openOutbox } from './open.ts';

/** Two pods on one volume: neither sees the other's processes, so each believes the other dead (`isAlive`). */
const isAlive = (): boolean => false;

let dir: string;
let opened: Outbox[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'outbox-taken-'));
  opened = [];
});

afterEach(async () => {
  for (const outbox of opened) await outbox.close();
  await rm(dir, { recursive: true });
});

async function open(): Promise<Outbox> {
  const outbox = await openOutbox({ dir, clock: systemClock, isAlive });
  opened.push(outbox);
  return outbox;
}

async function append(outbox: Outbox): Promise<string> {
  const eventId = randomUUID();
  await outbox.append({ eventId, headers: {}, body: Buffer.from(JSON.stringify({ eventId })) });
  return eventId;
}

const queuedIn = async (outbox: Outbox) =>
  new Set((await outbox.takeBacklog(1_000_000)).map(({ eventId }) => eventId));

test('whoever was taken over promises nothing more, says so, and leaves the lock of the other alone', async () => {
  const first = await open();
  const before = await append(first);
  const second = await open();
  const refusal = await append(first).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(OutboxFailed);
  expect(String(refusal)).toContain('was taken by another forwarder');
  const after = await append(second);
  const lock = await readFile(join(dir, 'lock'), 'utf8');
  await first.close();
  expect(await readFile(join(dir, 'lock'), 'utf8')).toBe(lock);
  expect(await append(second)).not.toBe(after);
  expect((await queuedIn(second)).has(before)).toBe(true);
});

test('every event that the first acknowledged while the second took over is queued in the second', async () => {
  for (let round = 0; round < 10; round += 1) {
    const first = await open();
    const acknowledged: string[] = [];
    const appending = Array.from({ length: 8 }, async () => {
      for (;;) acknowledged.push(await append(first));
    });
    const ended = Promise.allSettled(appending);
    await systemClock.sleep(Math.random() * 30);
    const second = await open();
    await ended;
    const queued = await queuedIn(second);
    expect(acknowledged.filter((id) => !queued.has(id))).toEqual([]);
  }
}, 60_000);
