import { allServers, createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { anEntry, outcomesOf } from '../testing/an-entry.ts';
import { anEvent } from '../testing/send.ts';
import { createBatchWriter } from './batch-writer.ts';
import type { Entry } from './entry.ts';
import { createWriteRows } from './events-table.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** An event as a hole in the contract would let it through. */
function slipped(changes: Record<string, unknown>): Partial<Entry> {
  return { event: { ...anEvent(), ...changes } as unknown as Entry['event'] };
}

/** A number as no double can hold it. */
function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON(text);
}

/** What PostgreSQL itself refuses, by the SQLSTATE that it gives. */
const BAD: readonly (readonly [what: string, sqlState: string, changes: Partial<Entry>])[] = [
  ['U+0000 in a text', '22021', slipped({ actor_id: 'a\0b' })],
  ['U+0000 in the payload', '22P05', slipped({ payload: { details: 'a\0b' } })],
  ['a lone surrogate in the payload', '22P02', slipped({ payload: { details: '\ud800' } })],
  ['a number beyond numeric', '22003', slipped({ payload: { latency_ms: rawJson('1e999999') } })],
  ['a time beyond timestamptz', '22008', slipped({ occurred_at: '300000-01-01T00:00:00Z' })],
  ['no time at all', '22007', slipped({ occurred_at: 'sometime' })],
  ['a missing text', '23502', slipped({ source: null })],
  ['an id that is none', '22P02', { eventId: 'zzzz' }],
  ['a number in the place of a text', '22P02', { simulated: 7 as unknown as boolean }],
];

describe.each(allServers())('events that PostgreSQL refuses, on $name', (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrations: MIGRATIONS, server });
  });

  afterAll(() => database.drop());

  const write = (entries: readonly Entry[]) =>
    outcomesOf(
      createBatchWriter({
        writeRows: createWriteRows(database.pool),
        pause: async () => {},
        monotonic: () => 0,
        onAway: () => {},
      }),
      entries,
    );

  test.each(BAD)('%s (%s) is the fault of this event alone', async (_what, sqlState, changes) => {
    const entries = Array.from({ length: 33 }, (_, index) => anEntry(index === 20 ? changes : {}));
    const outcomes = await write(entries);
    expect(outcomes[20]).toEqual({ kind: 'unstorable', sqlState });
    const good = entries.filter((_, index) => index !== 20).map(({ eventId }) => eventId);
    expect(outcomes.filter((outcome) => outcome?.kind === 'stored')).toHaveLength(good.length);
    const { rows } = await database.pool.query<{ event_id: string }>('DELETE FROM events RETURNING event_id');
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual(good.sort());
  });

  test('many kinds of them in one batch: each gets its own SQLSTATE, every other event its row', async () => {
    const bad = new Map(BAD.map(([, sqlState, changes], index) => [index * 23 + 5, { sqlState, changes }]));
    const entries = Array.from({ length: 256 }, (_, index) => anEntry(bad.get(index)?.changes ?? {}));
    const outcomes = await write(entries);
    for (const [index, outcome] of outcomes.entries()) {
      const sqlState = bad.get(index)?.sqlState;
      expect(outcome).toMatchObject(
        sqlState === undefined ? { kind: 'stored' } : { kind: 'unstorable', sqlState },
      );
    }
    const { rows } = await database.pool.query('DELETE FROM events RETURNING event_id');
    expect(rows).toHaveLength(256 - bad.size);
  });
});
