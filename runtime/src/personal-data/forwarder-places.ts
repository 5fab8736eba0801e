import { DAY_MS } from '../background/index.ts';
import type { Queryable } from '../outbox/store.ts';

/** How long what was erased is remembered after every forwarder has confirmed it: one that starts anew is told again. */
const KEPT_MS = 7 * DAY_MS;
/**
 * A forwarder beside which no process has run for so long is gone: who asks to be erased must have an answer within a
 * month. One whose disk went with its process is gone sooner.
 */
const GONE = `p.seen_at < now() - CASE WHEN p.keeps THEN interval '30 days' ELSE interval '1 hour' END`;

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
  /** Those of the waiting that have had an hour for it. */
  away: number;
  /** Those of the waiting that cannot confirm before somebody has looked at damaged files. */
  quarantined: number;
  /** Events of the actors that still wait in the outbox, and hold the forwarders up. */
  events: number;
};

/** Of every place that is not gone, what it has not confirmed. Nobody may be there to forget those that are gone. */
const UNCONFIRMED = `FROM forwarder_places p CROSS JOIN erased_actors e
    LEFT JOIN forwarder_quarantines q ON q.place = p.place AND q.actor_id = e.actor_id
  WHERE NOT (${GONE}) AND NOT EXISTS (
    SELECT FROM forwarder_confirmations c
     WHERE c.place = p.place AND c.actor_id = e.actor_id AND c.erased_at >= e.erased_at)`;

/** It has had an hour for it. Whether a process runs beside it says nothing: the forwarder itself may be broken. */
const LATE = `(q.files IS NULL AND greatest(e.erased_at, p.since) < now() - interval '1 hour')`;

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
  await db.query(`DELETE FROM forwarder_places p WHERE ${GONE}`);
}

/** Forgets erasures that every place has confirmed, when they are old. */
export async function forgetErasures(db: Queryable): Promise<void> {
  await db.query(
    `DELETE FROM erased_actors WHERE erased_at < now() - $1 * interval '1 millisecond'
        AND actor_id NOT IN (SELECT e.actor_id ${UNCONFIRMED})`,
    [KEPT_MS],
  );
}

/**
 * Deletes parked events from before their actor's erasure: one that was on its way then may have been refused since, and
 * would go out with its content when somebody lets the refused ones try again.
 */
export async function deleteParked(db: Queryable): Promise<void> {
  await db.query(
    `DELETE FROM outbox o USING erased_actors e
      WHERE o.parked_at IS NOT NULL AND o.event ->> 'actor_id' = e.actor_id AND o.created_at <= e.erased_at`,
  );
}

/** Everybody who was erased, and what the forwarder of this place has confirmed; first who waits for it longest. */
export async function erasedActors(db: Queryable, place: string): Promise<ErasedActor[]> {
  const { rows } = await db.query<ErasedActor>(
    `SELECT actor_id AS "actorId", erased_at::text AS "erasedAt",
            EXISTS (SELECT FROM outbox WHERE parked_at IS NULL AND event ->> 'actor_id' = e.actor_id) AS waiting,
            EXISTS (SELECT FROM forwarder_confirmations c
                     WHERE c.place = $1 AND c.actor_id = e.actor_id AND c.erased_at >= e.erased_at) AS confirmed
       FROM erased_actors e ORDER BY confirmed, e.erased_at`,
    [place],
  );
  return rows;
}

type Told = Pick<ErasedActor, 'actorId' | 'erasedAt'> & { place: string };

/** The forwarder of this place has emptied what it kept; nothing happens where place or erasure are forgotten. */
export async function confirmAt(db: Queryable, { actorId, erasedAt, place }: Told): Promise<void> {
  await db.query(
    `WITH looked_at AS (DELETE FROM forwarder_quarantines WHERE actor_id = $1 AND place = $2)
     INSERT INTO forwarder_confirmations (actor_id, place, erased_at)
       SELECT e.actor_id, p.place, $3::timestamptz FROM erased_actors e, forwarder_places p
        WHERE e.actor_id = $1 AND p.place = $2
       ON CONFLICT (actor_id, place) DO UPDATE SET erased_at = excluded.erased_at`,
    [actorId, place, erasedAt],
  );
}

/** Damaged files beside this place name the actor, or may: whatever it confirmed of them does not hold. */
export async function noteQuarantine(
  db: Queryable,
  { actorId, place, files }: Omit<Told, 'erasedAt'> & { files: number },
): Promise<void> {
  await db.query(
    `WITH taken_back AS (DELETE FROM forwarder_confirmations WHERE actor_id = $1 AND place = $2)
     INSERT INTO forwarder_quarantines (actor_id, place, files)
       SELECT e.actor_id, p.place, $3::integer FROM erased_actors e, forwarder_places p
        WHERE e.actor_id = $1 AND p.place = $2
       ON CONFLICT (actor_id, place) DO UPDATE SET files = excluded.files`,
    [actorId, place, files],
  );
}

/** How far the forwarders of this service are with these actors. */
export async function forwarderState(db: Queryable, actorIds: readonly string[]): Promise<ForwarderState> {
  const { rows } = await db.query<ForwarderState>(
    `WITH unconfirmed AS (
       SELECT p.place, bool_or(${LATE}) AS late, bool_or(q.files IS NOT NULL) AS quarantined
         ${UNCONFIRMED} AND e.actor_id = ANY ($1::text[]) GROUP BY p.place)
     SELECT (SELECT count(*)::int FROM forwarder_places p WHERE NOT (${GONE})) AS forwarders,
            (SELECT count(*)::int FROM unconfirmed) AS waiting,
            (SELECT count(*)::int FROM unconfirmed WHERE late) AS away,
            (SELECT count(*)::int FROM unconfirmed WHERE quarantined) AS quarantined,
            (SELECT count(*)::int FROM outbox
              WHERE parked_at IS NULL AND event ->> 'actor_id' = ANY ($1::text[])) AS events`,
    [actorIds],
  );
  return rows[0] as ForwarderState;
}

/** A forwarder that a person has to look at. */
export type Troubled = {
  place: string;
  /** When a process beside it was seen last. */
  lastSeen: Date;
  /** Names that it has had an hour to confirm. */
  late: number;
  /** Names that damaged files hold up. */
  quarantined: number;
  /** The most damaged files of one name. */
  files: number;
};

/** Forwarders that are late with an erasure, or cannot confirm it. */
export async function troubledPlaces(db: Queryable): Promise<Troubled[]> {
  const { rows } = await db.query<Troubled>(
    `SELECT p.place, p.seen_at AS "lastSeen", count(*) FILTER (WHERE ${LATE})::int AS late,
            count(q.files)::int AS quarantined, coalesce(max(q.files), 0)::int AS files
       ${UNCONFIRMED} AND (${LATE} OR q.files IS NOT NULL) GROUP BY p.place, p.seen_at ORDER BY p.place`,
  );
  return rows;
}
