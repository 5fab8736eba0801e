import { DAY_MS } from '../background/index.ts';
import type { Queryable } from '../outbox/store.ts';

/** How long what was erased is remembered after every forwarder has confirmed it: one that starts anew is told again. */
const KEPT_MS = 7 * DAY_MS;
/** A forwarder that nobody has seen for so long is gone: who asks to be erased must have an answer within a month. */
const GONE_MS = 30 * DAY_MS;
/** The same for one whose disk is gone when its process is. */
const KEEPS_NOTHING_MS = 3_600_000;

/** One replica and the forwarder beside it. */
export type Place = {
  /** The same after a restart. */
  name: string;
  /** Whether the forwarder's disk outlives its process. */
  keeps: boolean;
};

export type ErasedActor = {
  actorId: string;
  /** Which erasure, in the words of the database: a Date would lose its microseconds. */
  erasedAt: string;
  /** Events of the actor wait in the outbox: they would come after. */
  waiting: boolean;
  confirmed: boolean;
};

/** What the forwarders of a service have confirmed of an erasure; it is complete when `waiting` is 0. */
export type ForwarderState = {
  forwarders: number;
  /** Those of them that have not confirmed. */
  waiting: number;
  /** Those of the waiting beside which no process has run for an hour. */
  away: number;
  /** Events of the actors that still wait in the outbox, and hold the forwarders up. */
  events: number;
};

/** Of every place, what it has not confirmed. */
const UNCONFIRMED = `FROM forwarder_places p, erased_actors e
  WHERE NOT EXISTS (SELECT FROM forwarder_confirmations c
                     WHERE c.place = p.place AND c.actor_id = e.actor_id AND c.erased_at >= e.erased_at)`;

/** Whoever waits for the forwarders waits for this one, too, from now on. */
export async function notePlace(db: Queryable, { name, keeps }: Place): Promise<void> {
  await db.query(
    `INSERT INTO forwarder_places (place, keeps) VALUES ($1, $2)
       ON CONFLICT (place) DO UPDATE SET keeps = excluded.keeps, seen_at = now()`,
    [name, keeps],
  );
}

/** Forgets places that are gone. */
export async function forgetPlaces(db: Queryable): Promise<void> {
  await db.query(
    `DELETE FROM forwarder_places
      WHERE seen_at < now() - (CASE WHEN keeps THEN $1::float8 ELSE $2 END) * interval '1 millisecond'`,
    [GONE_MS, KEEPS_NOTHING_MS],
  );
}

/** Forgets erasures that every place has confirmed, when they are old. */
export async function forgetErasures(db: Queryable): Promise<void> {
  await db.query(
    `DELETE FROM erased_actors WHERE erased_at < now() - $1 * interval '1 millisecond'
        AND actor_id NOT IN (SELECT e.actor_id ${UNCONFIRMED})`,
    [KEPT_MS],
  );
}

/** Everybody who was erased, and what the forwarder of this place has confirmed. */
export async function erasedActors(db: Queryable, place: string): Promise<ErasedActor[]> {
  const { rows } = await db.query<ErasedActor>(
    `SELECT actor_id AS "actorId", erased_at::text AS "erasedAt",
            EXISTS (SELECT FROM outbox WHERE parked_at IS NULL AND event ->> 'actor_id' = e.actor_id) AS waiting,
            EXISTS (SELECT FROM forwarder_confirmations c
                     WHERE c.place = $1 AND c.actor_id = e.actor_id AND c.erased_at >= e.erased_at) AS confirmed
       FROM erased_actors e ORDER BY erased_at`,
    [place],
  );
  return rows;
}

/** The forwarder of this place has emptied what it kept; nothing happens where place or erasure are forgotten. */
export async function confirmAt(
  db: Queryable,
  { actorId, erasedAt, place }: Pick<ErasedActor, 'actorId' | 'erasedAt'> & { place: string },
): Promise<void> {
  await db.query(
    `INSERT INTO forwarder_confirmations (actor_id, place, erased_at)
       SELECT e.actor_id, p.place, $3::timestamptz FROM erased_actors e, forwarder_places p
        WHERE e.actor_id = $1 AND p.place = $2
       ON CONFLICT (actor_id, place) DO UPDATE SET erased_at = excluded.erased_at`,
    [actorId, place, erasedAt],
  );
}

/** How far the forwarders of this service are with these actors. */
export async function forwarderState(db: Queryable, actorIds: readonly string[]): Promise<ForwarderState> {
  const { rows } = await db.query<ForwarderState>(
    `WITH unconfirmed AS (SELECT DISTINCT p.place, p.seen_at ${UNCONFIRMED} AND e.actor_id = ANY ($1::text[]))
     SELECT (SELECT count(*)::int FROM forwarder_places) AS forwarders,
            (SELECT count(*)::int FROM unconfirmed) AS waiting,
            (SELECT count(*)::int FROM unconfirmed WHERE seen_at < now() - interval '1 hour') AS away,
            (SELECT count(*)::int FROM outbox
              WHERE parked_at IS NULL AND event ->> 'actor_id' = ANY ($1::text[])) AS events`,
    [actorIds],
  );
  return rows[0] as ForwarderState;
}

export type Absent = { place: string; lastSeen: Date; erasures: number };

/** Forwarders that an erasure waits for and that nobody has seen for an hour. */
export async function absentPlaces(db: Queryable): Promise<Absent[]> {
  const { rows } = await db.query<Absent>(
    `SELECT p.place, p.seen_at AS "lastSeen", count(*)::int AS erasures ${UNCONFIRMED}
        AND p.seen_at < now() - interval '1 hour' GROUP BY p.place, p.seen_at ORDER BY p.place`,
  );
  return rows;
}
