import type { Got } from 'got';
import type pg from 'pg';
import { createPeriodicTask, type PeriodicTask } from '../background/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Logger } from '../log/index.ts';
import type { Queryable } from '../outbox/store.ts';
import {
  type Absent,
  absentPlaces,
  confirmAt,
  erasedActors,
  type ForwarderState,
  forgetErasures,
  forgetPlaces,
  forwarderState,
  notePlace,
  type Place,
} from './forwarder-places.ts';

const INTERVAL_MS = 5_000;
const SEEN_EVERY_MS = 600_000;
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
 * What the forwarders of this service have confirmed of these actors. Names that this service has not heard of are noted
 * like those that it erased itself: it may have said something of them without keeping anything.
 */
export async function askForwarders(tx: Queryable, actorIds: readonly string[]): Promise<ForwarderState> {
  const { rows } = await tx.query<{ actor_id: string }>(
    `SELECT unnest($1::text[]) AS actor_id EXCEPT SELECT actor_id FROM erased_actors`,
    [actorIds],
  );
  const unheard = rows.map(({ actor_id }) => actor_id);
  if (unheard.length > 0) await forgetEvents(tx, unheard);
  return forwarderState(tx, actorIds);
}

/**
 * Tells the forwarder beside this process of everybody who was erased, when no event of theirs waits in our outbox any
 * more, and writes down that it has confirmed. A process that starts anew tells them all again: the forwarder bears it,
 * and its disk may be another one.
 */
export function createForwarderErasures(deps: {
  pool: pg.Pool;
  clock: Clock;
  random: () => number;
  log: Logger;
  place: Place;
  /** Resolves when the forwarder has emptied what it keeps of the actor. */
  tell: (actorId: string) => Promise<void>;
}): PeriodicTask & { runOnce(): Promise<void>; findings(): string[] } {
  const { pool, clock } = deps;
  const place = deps.place.name;
  /** Which erasure of whom this process has told of. */
  const told = new Map<string, string>();
  let notedAt = Number.NEGATIVE_INFINITY;
  let absent: Absent[] = [];

  async function runOnce(): Promise<void> {
    if (clock.now() - notedAt >= SEEN_EVERY_MS) {
      await notePlace(pool, deps.place);
      await forgetPlaces(pool);
      notedAt = clock.now();
    }
    await forgetErasures(pool);
    const erased = await erasedActors(pool, place);
    absent = erased.length === 0 ? [] : await absentPlaces(pool);
    const known = new Set(erased.map(({ actorId }) => actorId));
    for (const actorId of told.keys()) if (!known.has(actorId)) told.delete(actorId);
    for (const { actorId, erasedAt, waiting, confirmed } of erased) {
      if (waiting || (confirmed && told.get(actorId) === erasedAt)) continue;
      await deps.tell(actorId);
      await confirmAt(pool, { actorId, erasedAt, place });
      told.set(actorId, erasedAt);
    }
  }

  const task = createPeriodicTask({
    ...deps,
    name: 'telling the forwarder who was erased',
    meanwhile: 'it keeps what it has of them',
    intervalMs: INTERVAL_MS,
    run: runOnce,
  });
  return {
    ...task,
    runOnce,
    findings: () =>
      absent.map(
        (each) =>
          `the forwarder beside ${each.place} was last seen on ${each.lastSeen.toISOString()}, and erasures wait for it (names: ${each.erasures}): start it again, or see "a forwarder that is gone" in docs/privacy.md`,
      ),
  };
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
