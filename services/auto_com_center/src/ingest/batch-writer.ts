import { classifyFailure } from '../database/sqlstate.ts';
import type { Pending } from './entry.ts';
import type { WriteRows } from './events-table.ts';
import { fold, type Row } from './fold.ts';

export type BatchWriterOptions = {
  writeRows: WriteRows;
  /** Waits before the given repetition (0, 1, …) of a statement that the server asked to repeat. */
  pause: (attempt: number) => Promise<void>;
  /** Monotonic milliseconds; read once a statement. */
  monotonic: () => number;
  /** Told of each failure that is not the fault of an event. */
  onAway: (reason: string) => void;
};

/** PostgreSQL may break a deadlock or a serialization conflict at our expense; five times in a row is no accident. */
const MAX_ROLLBACKS = 5;

/**
 * Settles every entry of a batch, each by what the database says of it, in as few statements as that takes:
 * one where nothing is wrong; halves of halves around a row that PostgreSQL refuses, so that its neighbours
 * are stored; one more for each further content that was sent under an id which holds none of the earlier ones.
 */
export function createBatchWriter(options: BatchWriterOptions): (batch: readonly Pending[]) => Promise<void> {
  return async function writeBatch(batch) {
    let remaining = batch;
    while (remaining.length > 0) {
      const { rows, others } = fold(remaining);
      const held = await write(options, rows);
      remaining = [];
      for (const [eventId, divergent] of others) {
        const verdict = held.get(eventId);
        if (verdict === 'another') remaining = [...remaining, ...divergent];
        else for (const pending of divergent) pending.settle(verdictOfOthers(verdict));
      }
    }
  };
}

/** What an id holds after its row was tried: the row's own content, another one, or nobody knows. */
type Held = 'own' | 'another' | 'unknown';

function verdictOfOthers(
  held: Held | undefined,
): { kind: 'conflict' } | { kind: 'unavailable'; reason: string } {
  return held === 'own'
    ? { kind: 'conflict' }
    : { kind: 'unavailable', reason: 'the database did not answer' };
}

async function write(options: BatchWriterOptions, rows: Row[]): Promise<Map<string, Held>> {
  const held = new Map<string, Held>();
  await writeOrBisect(options, rows, held);
  return held;
}

async function writeOrBisect(
  options: BatchWriterOptions,
  rows: Row[],
  held: Map<string, Held>,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const stored = await options.writeRows(rows);
      settleStored({ rows, stored, held, atMs: options.monotonic() });
      return;
    } catch (error) {
      const failure = classifyFailure(error);
      if (failure.kind === 'retry' && attempt < MAX_ROLLBACKS) {
        await options.pause(attempt);
        continue;
      }
      if (failure.kind === 'data') return await isolate(options, rows, held, failure.sqlState ?? '22000');
      options.onAway(reasonOf(error));
      settleAll(rows, held);
      return;
    }
  }
}

/** One of these rows cannot be stored: halve until it stands alone. */
async function isolate(
  options: BatchWriterOptions,
  rows: Row[],
  held: Map<string, Held>,
  sqlState: string,
): Promise<void> {
  const [only] = rows;
  if (only !== undefined && rows.length === 1) {
    // Another content under the same id may well be storable: it gets its own statement.
    held.set(only.entry.eventId, 'another');
    for (const pending of only.members) pending.settle({ kind: 'unstorable', sqlState });
    return;
  }
  const middle = rows.length >> 1;
  await writeOrBisect(options, rows.slice(0, middle), held);
  await writeOrBisect(options, rows.slice(middle), held);
}

function settleStored(input: {
  rows: readonly Row[];
  stored: Awaited<ReturnType<WriteRows>>;
  held: Map<string, Held>;
  atMs: number;
}): void {
  const { rows, stored, held, atMs } = input;
  for (const { entry, members } of rows) {
    const row = stored.get(entry.eventId);
    // With an erased row nothing is in conflict: the other contents of its id are asked about in a statement of their own.
    held.set(entry.eventId, row === undefined || row.erased === true ? 'another' : 'own');
    let inserted = row?.inserted ?? false;
    const firstForwarder = inserted ? entry.forwarderId : row?.firstForwarder;
    for (const pending of members) {
      if (row === undefined) pending.settle({ kind: 'conflict' });
      else {
        const ownRow = firstForwarder === pending.entry.forwarderId;
        pending.settle({ kind: 'stored', inserted, receivedAt: row.receivedAt, atMs, ownRow });
      }
      // The first sender made the row; whoever sent the same beside it is its duplicate.
      inserted = false;
    }
  }
}

function settleAll(rows: readonly Row[], held: Map<string, Held>): void {
  for (const { entry, members } of rows) {
    held.set(entry.eventId, 'unknown');
    for (const pending of members) {
      pending.settle({ kind: 'unavailable', reason: 'the database did not answer' });
    }
  }
}

function reasonOf(error: unknown): string {
  const { sqlState } = classifyFailure(error);
  const message = error instanceof Error ? error.message : String(error);
  return sqlState === undefined ? message : `${sqlState} ${message}`;
}
