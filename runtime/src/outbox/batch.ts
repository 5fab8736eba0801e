import type pg from 'pg';
import { fullJitter } from '../backoff/index.ts';
import { type Connections, inTransaction } from '../db/index.ts';
import { type Emission, EmitRefused, type Emitter, EmitUnavailable } from '../emit/index.ts';
import { type OutboxRow, park, postpone, remove, takeDue } from './store.ts';

const ROW_BASE_MS = 500;
const ROW_CAP_MS = 30_000;

export type Refusal = { eventId: string; problem: EmitRefused['problem'] };

export type BatchResult = {
  taken: number;
  sent: number;
  refused: Refusal[];
  unavailable: number;
  /** One reason of the failures, and the longest wait that a receiver asked for. */
  reason?: string;
  retryAfterMs?: number;
};

export type BatchInput = {
  pool: Connections;
  emitter: Emitter;
  limit: number;
  concurrency: number;
  random: () => number;
  /** Aborted when the relay must end: what is not handed over by then is left as it was. */
  signal: AbortSignal;
};

type Outcome = { row: OutboxRow; kind: 'sent' | 'left' } | { row: OutboxRow; kind: 'failed'; error: unknown };

/**
 * One transaction: takes due rows, hands them over, and writes the outcomes. The locks are held meanwhile, so no other
 * relay sends the same row at the same time; a crash lets them go, and the rows are sent again under the same ids.
 */
export function runBatch(input: BatchInput): Promise<BatchResult> {
  return inTransaction(input.pool, async (tx) => {
    const rows = await takeDue(tx, input.limit);
    const outcomes = await emitAll(rows, input);
    const result: BatchResult = { taken: rows.length, sent: 0, refused: [], unavailable: 0 };
    const done: string[] = [];
    for (const outcome of outcomes) {
      const { emission } = outcome.row;
      if (outcome.kind === 'sent' || isRepeatedCanary(outcome)) done.push(emission.eventId);
      else if (outcome.kind === 'failed') await settleFailure({ tx, outcome, result, random: input.random });
    }
    if (done.length > 0) await remove(tx, done);
    result.sent = done.length;
    return result;
  });
}

async function emitAll(rows: readonly OutboxRow[], input: BatchInput): Promise<Outcome[]> {
  const queue = rows.values();
  const outcomes: Outcome[] = [];
  const work = async () => {
    // All workers draw from one iterator, so each row has exactly one worker.
    for (const row of queue) outcomes.push(await emitOne(row, input));
  };
  await Promise.all(Array.from({ length: Math.min(input.concurrency, rows.length) }, work));
  return outcomes;
}

async function emitOne(row: OutboxRow, { emitter, signal }: BatchInput): Promise<Outcome> {
  if (signal.aborted) return { row, kind: 'left' };
  try {
    await untilAborted(emitter.emit(row.emission, signal), signal);
    return { row, kind: 'sent' };
  } catch (error) {
    return signal.aborted ? { row, kind: 'left' } : { row, kind: 'failed', error };
  }
}

/** An emitter that ignores the signal must not hold up the end of the process. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new EmitUnavailable('the relay stops')), {
      signal: settled.signal,
    });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}

async function settleFailure(input: {
  tx: pg.PoolClient;
  outcome: Extract<Outcome, { kind: 'failed' }>;
  result: BatchResult;
  random: () => number;
}): Promise<void> {
  const { tx, result } = input;
  const { row, error } = input.outcome;
  const { eventId } = row.emission;
  if (error instanceof EmitRefused) {
    await park(tx, eventId, error.problem);
    result.refused.push({ eventId, problem: error.problem });
    return;
  }
  const askedMs = error instanceof EmitUnavailable ? (error.retryAfterMs ?? 0) : 0;
  const jitterMs = fullJitter({
    attempt: row.attempts,
    baseMs: ROW_BASE_MS,
    capMs: ROW_CAP_MS,
    random: input.random,
  });
  await postpone(tx, eventId, Math.max(askedMs, jitterMs));
  result.unavailable += 1;
  result.reason = error instanceof Error ? error.message : String(error);
  result.retryAfterMs = Math.max(result.retryAfterMs ?? 0, askedMs);
}

/**
 * The id of a canary's event follows from its token, so a request that was repeated under one token makes the same
 * event with another time in it. The first one arrived, which is all that a canary asks.
 */
function isRepeatedCanary(outcome: Outcome): boolean {
  if (outcome.kind !== 'failed' || !(outcome.error instanceof EmitRefused)) return false;
  const emission: Emission = outcome.row.emission;
  return emission.canary !== undefined && outcome.error.problem.code === 'event_id_conflict';
}
