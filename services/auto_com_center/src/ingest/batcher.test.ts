import { randomUUID } from 'node:crypto';
import { waitFor } from '@scholar/runtime/testing';
import { anEntry } from '../testing/an-entry.ts';
import { Batcher, type BatcherOptions } from './batcher.ts';
import type { Entry, Outcome } from './entry.ts';

function entry(bytes = 100): Entry {
  return anEntry({ eventId: randomUUID(), bytes }, { actor_id: 'user_1' });
}

describe('Batcher', () => {
  function batcher(changes: Partial<BatcherOptions> = {}) {
    const batches: number[] = [];
    const release: (() => void)[] = [];
    const options: BatcherOptions = {
      writeBatch: async (batch) => {
        batches.push(batch.length);
        await new Promise<void>((resolve) => release.push(resolve));
        for (const pending of batch) {
          pending.settle({
            kind: 'stored',
            inserted: true,
            receivedAt: '2026-11-24T12:00:00.000Z',
            atMs: 0,
            ownRow: true,
          });
        }
      },
      ...{ lanes: 1, maxRows: 4, besideRows: 3, maxBytes: 1_000, queueRows: 10, queueBytes: 100_000 },
      ...{ maxHoldMs: 60_000, maxWaitMs: 1_000 },
      monotonic: () => 0,
      onBatch: () => {},
      onFault: () => {},
      ...changes,
    };
    const commit = async () => {
      for (const resolve of release.splice(0)) resolve();
      await new Promise((turn) => setImmediate(turn));
    };
    return { batcher: new Batcher(options), batches, commit };
  }

  const turn = () => new Promise((next) => setImmediate(next));

  test('writes a lone event at once, and gathers what comes while it commits', async () => {
    const { batcher: one, batches, commit } = batcher();
    const told: string[] = [];
    const submit = (name: string) => one.submit(entry(), 0, ({ kind }) => told.push(`${name} ${kind}`));
    submit('a');
    await turn();
    expect(batches).toEqual([1]);
    for (const name of ['b', 'c', 'd']) submit(name);
    await turn();
    expect(batches).toEqual([1]);
    await commit();
    expect(batches).toEqual([1, 3]);
    await commit();
    expect(told).toEqual(['a stored', 'b stored', 'c stored', 'd stored']);
  });

  test('beside a busy lane only a batch that is worth it is written; smaller ones wait until that one is done', async () => {
    const { batcher: two, batches, commit } = batcher({ lanes: 2 });
    const submit = (count: number) => {
      for (let index = 0; index < count; index += 1) two.submit(entry(), 0, () => {});
      return turn();
    };
    await submit(1);
    await submit(2);
    expect(batches).toEqual([1]);
    await submit(1);
    expect(batches).toEqual([1, 3]);
    await submit(2);
    await commit();
    expect(batches).toEqual([1, 3, 2]);
    await commit();
  });

  test('beside a busy lane a batch that is full by its bytes is written, too', async () => {
    const { batcher: two, batches, commit } = batcher({ lanes: 2 });
    for (const bytes of [10, 600, 600]) {
      two.submit(entry(bytes), 0, () => {});
      await turn();
    }
    expect(batches).toEqual([1, 1]);
    await commit();
    expect(batches).toEqual([1, 1, 1]);
    await commit();
  });

  test('a lane that hangs does not hold the other one back for longer than allowed', async () => {
    const { batcher: two, batches } = batcher({ lanes: 2, maxHoldMs: 5 });
    for (let index = 0; index < 3; index += 1) two.submit(entry(), 0, () => {});
    await turn();
    two.submit(entry(), 0, () => {});
    await waitFor(() => batches.length === 2);
    expect(batches).toEqual([3, 1]);
  });

  test('keeps to its caps of rows and bytes', async () => {
    const { batcher: one, batches, commit } = batcher();
    for (let index = 0; index < 6; index += 1) one.submit(entry(), 0, () => {});
    for (let index = 0; index < 2; index += 1) one.submit(entry(900), 0, () => {});
    for (let index = 0; index < 5; index += 1) {
      await turn();
      await commit();
    }
    expect(batches).toEqual([4, 2, 1, 1]);
  });

  test('refuses what does not fit into the queue, and everything once it is closed', async () => {
    const { batcher: one, commit } = batcher({ queueRows: 2 });
    const results = Array.from({ length: 3 }, () => one.submit(entry(), 0, () => {}));
    expect(results).toEqual([true, true, false]);
    const closed = one.close();
    expect(one.submit(entry(), 0, () => {})).toBe(false);
    await turn();
    await commit();
    await closed;
  });

  test('a writer that throws leaves nobody waiting and acknowledges nothing', async () => {
    const faults: unknown[] = [];
    const { batcher: one } = batcher({
      writeBatch: async () => {
        throw new Error('a defect');
      },
      onFault: (error) => faults.push(error),
    });
    const outcome = await new Promise<Outcome>((tell) => one.submit(entry(), 0, tell));
    expect(outcome.kind).toBe('unavailable');
    expect(faults).toHaveLength(1);
  });

  test('an entry that waited too long is not written: its sender has given up', async () => {
    let now = 0;
    const { batcher: one, batches, commit } = batcher({ monotonic: () => now });
    const told: string[] = [];
    one.submit(entry(), 0, ({ kind }) => told.push(kind));
    await turn();
    one.submit(entry(), 0, ({ kind }) => told.push(kind));
    now = 5_000;
    await commit();
    expect(told).toEqual(['stored', 'unavailable']);
    expect(batches).toEqual([1]);
  });
});
