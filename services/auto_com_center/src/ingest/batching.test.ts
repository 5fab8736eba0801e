import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { anEntry } from '../testing/an-entry.ts';
import { createBatchWriter } from './batch-writer.ts';
import { type Entry, type Outcome, Pending } from './entry.ts';
import type { StoredRow, WriteRows } from './events-table.ts';
import { fold, type Row } from './fold.ts';

function entry(eventId: string, actorId = 'user_1'): Entry {
  return anEntry({ eventId, bytes: 100 }, { actor_id: actorId });
}

type Waiting = { pending: Pending; outcome: () => Outcome | undefined; entry: Entry };

function waiting(of: Entry): Waiting {
  let outcome: Outcome | undefined;
  const pending = new Pending(of, 0, (told) => {
    outcome = told;
  });
  return { pending, outcome: () => outcome, entry: of };
}

function databaseError(sqlState: string): pg.DatabaseError {
  const error = new pg.DatabaseError('refused', 0, 'error');
  error.code = sqlState;
  return error;
}

/** The events table in a map: what PostgreSQL would do, with faults on demand. */
function fakeTable(faults: { poison?: string; fail?: () => Error | undefined } = {}) {
  const table = new Map<string, { hash: string; deliveries: number }>();
  let statements = 0;
  const writeRows: WriteRows = async (rows: readonly Row[]) => {
    statements += 1;
    const failure = faults.fail?.();
    if (failure !== undefined) throw failure;
    if (rows.some(({ entry: { event } }) => event.actor_id === faults.poison)) throw databaseError('23514');
    const stored = new Map<string, StoredRow>();
    for (const { entry: one, members } of rows) {
      const hash = one.contentHash.toString('hex');
      const known = table.get(one.eventId);
      if (known !== undefined && known.hash !== hash) continue;
      table.set(one.eventId, { hash, deliveries: (known?.deliveries ?? 0) + members.length });
      stored.set(one.eventId, {
        receivedAt: '2026-11-24T12:00:00.000Z',
        inserted: known === undefined,
        firstForwarder: null,
      });
    }
    return stored;
  };
  const away: string[] = [];
  const writeBatch = createBatchWriter({
    writeRows,
    pause: async () => {},
    monotonic: () => 0,
    onAway: (reason) => away.push(reason),
  });
  return { table, writeBatch, away, statements: () => statements };
}

describe('fold', () => {
  test('sorts by id, counts equal contents and sets others apart', () => {
    const [low, high] = [randomUUID(), randomUUID()].sort() as [string, string];
    const batch = [entry(high), entry(low), entry(high), entry(high, 'user_2')].map(
      (one) => waiting(one).pending,
    );
    const { rows, others } = fold(batch);
    expect(rows.map(({ entry: { eventId }, members }) => [eventId, members.length])).toEqual([
      [low, 1],
      [high, 2],
    ]);
    expect([...others].map(([id, divergent]) => [id, divergent.length])).toEqual([[high, 1]]);
  });
});

describe('a batch', () => {
  test('is one statement where nothing is wrong', async () => {
    const { writeBatch, statements } = fakeTable();
    const all = Array.from({ length: 100 }, () => waiting(entry(randomUUID())));
    await writeBatch(all.map(({ pending }) => pending));
    expect(statements()).toBe(1);
    expect(all.every(({ outcome }) => outcome()?.kind === 'stored')).toBe(true);
  });

  test('tells a duplicate of the stored row from a conflict, even when a conflicting content comes first', async () => {
    const { writeBatch } = fakeTable();
    const id = randomUUID();
    await writeBatch([waiting(entry(id)).pending]);
    const [conflict, duplicate] = [waiting(entry(id, 'user_2')), waiting(entry(id))];
    await writeBatch([conflict.pending, duplicate.pending]);
    expect(conflict.outcome()).toEqual({ kind: 'conflict' });
    expect(duplicate.outcome()).toMatchObject({ kind: 'stored', inserted: false });
  });

  test('stores everything but the rows that PostgreSQL refuses', async () => {
    const { writeBatch, table, statements } = fakeTable({ poison: 'poison' });
    const all = Array.from({ length: 64 }, (_, index) =>
      waiting(entry(randomUUID(), index === 40 ? 'poison' : 'user_1')),
    );
    await writeBatch(all.map(({ pending }) => pending));
    expect(all.map(({ outcome }) => outcome()?.kind)).toEqual(
      all.map((_, index) => (index === 40 ? 'unstorable' : 'stored')),
    );
    expect(table.size).toBe(63);
    expect(statements()).toBeLessThanOrEqual(13);
  });

  test('is repeated when the server rolled it back, and given up after five times', async () => {
    let failures = 3;
    const passing = fakeTable({ fail: () => (failures-- > 0 ? databaseError('40P01') : undefined) });
    const one = waiting(entry(randomUUID()));
    await passing.writeBatch([one.pending]);
    expect(one.outcome()?.kind).toBe('stored');

    const failing = fakeTable({ fail: () => databaseError('40001') });
    const other = waiting(entry(randomUUID()));
    await failing.writeBatch([other.pending]);
    expect(other.outcome()?.kind).toBe('unavailable');
    expect(failing.statements()).toBe(6);
  });

  test.each([
    ['the connection breaks', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
    ['the server shuts down', databaseError('57P01')],
    ['the disk is full', databaseError('53100')],
    ['the table is missing', databaseError('42P01')],
    ['the server is a standby', databaseError('25006')],
    ['the statement times out', databaseError('57014')],
  ])('is unavailable, never refused, when %s', async (_what, error) => {
    const { writeBatch, away } = fakeTable({ fail: () => error });
    const id = randomUUID();
    const all = [waiting(entry(id)), waiting(entry(id, 'user_2')), waiting(entry(randomUUID()))];
    await writeBatch(all.map(({ pending }) => pending));
    expect(all.map(({ outcome }) => outcome()?.kind)).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(away).toHaveLength(1);
  });

  test('whatever is sent in whatever batches, answers agree with the table and deliveries add up', async () => {
    const ids = Array.from({ length: 3 }, () => randomUUID());
    const sending = fc.record({
      id: fc.constantFrom(...ids),
      actor: fc.constantFrom('user_1', 'user_2', 'poison'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(sending, { maxLength: 8 }), { maxLength: 6 }), async (batches) => {
        const { writeBatch, table } = fakeTable({ poison: 'poison' });
        const all: Waiting[] = [];
        for (const batch of batches) {
          const now = batch.map(({ id, actor }) => waiting(entry(id, actor)));
          all.push(...now);
          await writeBatch(now.map(({ pending }) => pending));
        }
        for (const id of ids) {
          const mine = all.filter(({ entry: { eventId } }) => eventId === id);
          const stored = mine.filter(({ outcome }) => outcome()?.kind === 'stored');
          expect(stored.length).toBe(table.get(id)?.deliveries ?? 0);
          expect(stored.filter(({ outcome }) => (outcome() as { inserted?: boolean }).inserted)).toHaveLength(
            table.has(id) ? 1 : 0,
          );
          for (const { entry: one, outcome } of mine) {
            const isRow = table.get(id)?.hash === one.contentHash.toString('hex');
            if (one.event.actor_id !== 'poison') expect(outcome()?.kind).toBe(isRow ? 'stored' : 'conflict');
            else expect(['unstorable', 'conflict']).toContain(outcome()?.kind);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
