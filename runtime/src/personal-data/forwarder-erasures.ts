import type { Got } from 'got';
import type pg from 'pg';
import { createPeriodicTask, DAY_MS, type PeriodicTask } from '../background/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Logger } from '../log/index.ts';
import type { Queryable } from '../outbox/store.ts';

/** Longer than a forwarder keeps what it has delivered, and than a replica is away without anybody minding. */
const KEPT_MS = 7 * DAY_MS;
const INTERVAL_MS = 5_000;
/** An erasure reads all that a forwarder keeps. */
const TIMEOUT_MS = 60_000;

/**
 * What becomes of the events of erased actors, in the transaction of the erasure: waiting ones go on, because A8 writes
 * what happened before its erasure without content; parked ones never leave and are deleted; every forwarder of this
 * service is told after COMMIT. How many were parked.
 */
export async function forgetEvents(tx: Queryable, actorIds: readonly string[]): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM outbox WHERE parked_at IS NOT NULL AND event ->> 'actor_id' = ANY ($1::text[])`,
    [actorIds],
  );
  await tx.query(
    `INSERT INTO erased_actors (actor_id) SELECT DISTINCT unnest($1::text[])
       ON CONFLICT (actor_id) DO UPDATE SET erased_at = now()`,
    [actorIds],
  );
  return rowCount ?? 0;
}

/**
 * Tells the forwarder beside this process of everybody who was erased, once each, when no event of theirs waits in our
 * outbox any more. A process that starts anew tells them all again: the forwarder bears it, and may be another one.
 */
export function createForwarderErasures(deps: {
  pool: pg.Pool;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Resolves when the forwarder has emptied what it keeps of the actor. */
  tell: (actorId: string) => Promise<void>;
}): PeriodicTask & { runOnce(): Promise<void> } {
  const { pool } = deps;
  const told = new Map<string, number>();

  async function runOnce(): Promise<void> {
    await pool.query(`DELETE FROM erased_actors WHERE erased_at < now() - $1 * interval '1 millisecond'`, [
      KEPT_MS,
    ]);
    const { rows } = await pool.query<{ actor_id: string; erased_at: Date; waiting: boolean }>(
      `SELECT actor_id, erased_at, EXISTS (
                SELECT FROM outbox WHERE parked_at IS NULL AND event ->> 'actor_id' = e.actor_id) AS waiting
         FROM erased_actors e ORDER BY erased_at`,
    );
    const known = new Set(rows.map(({ actor_id }) => actor_id));
    for (const actorId of told.keys()) if (!known.has(actorId)) told.delete(actorId);
    for (const { actor_id, erased_at, waiting } of rows) {
      const atMs = erased_at.getTime();
      if (waiting || told.get(actor_id) === atMs) continue;
      await deps.tell(actor_id);
      told.set(actor_id, atMs);
    }
  }

  const task = createPeriodicTask({
    ...deps,
    name: 'telling the forwarder who was erased',
    meanwhile: 'it keeps what it has of them',
    intervalMs: INTERVAL_MS,
    run: runOnce,
  });
  return { ...task, runOnce };
}

/** Tells the forwarder at this address. */
export function tellForwarder(fetchJson: Pick<Got, 'post'>, url: string): (actorId: string) => Promise<void> {
  return async (actorId) => {
    const { statusCode } = await fetchJson
      .post(`${url.replace(/\/+$/, '')}/erasures`, {
        json: { actor_id: actorId },
        timeout: { request: TIMEOUT_MS },
        throwHttpErrors: false,
      })
      // The error of an HTTP client carries the request, and that the person.
      .catch(() => ({ statusCode: 0 }));
    if (statusCode !== 200) throw new Error(`the forwarder answered ${statusCode || 'nothing'}`);
  };
}
