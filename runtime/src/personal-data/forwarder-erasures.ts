import type { Got } from 'got';
import type pg from 'pg';
import { z } from 'zod';
import { createPeriodicTask, type PeriodicTask } from '../background/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Logger } from '../log/index.ts';
import type { Queryable } from '../outbox/store.ts';
import {
  confirmAt,
  deleteParked,
  type ErasedActor,
  erasedActors,
  type ForwarderState,
  forgetErasures,
  forgetPlaces,
  forwarderState,
  notePlace,
  noteQuarantine,
  type Place,
  type Troubled,
  troubledPlaces,
} from './forwarder-places.ts';

const INTERVAL_MS = 5_000;
const SEEN_EVERY_MS = 600_000;
/** An erasure reads all that a forwarder keeps. */
const TIMEOUT_MS = 60_000;
/** How soon after somebody has removed damaged files a forwarder confirms. */
const LOOK_AGAIN_MS = 600_000;

/**
 * What becomes of the events of erased actors, in the transaction of the erasure: waiting ones go on, because A8 writes
 * what happened before its erasure without content; parked ones never leave and are deleted; every forwarder of this
 * service is told after COMMIT. How many were parked.
 */
export async function forgetEvents(tx: Queryable, actorIds: readonly string[]): Promise<number> {
  const parked = await deleteParkedOf(tx, actorIds);
  await tx.query(
    `INSERT INTO erased_actors (actor_id) SELECT DISTINCT unnest($1::text[])
       ON CONFLICT (actor_id) DO UPDATE SET erased_at = now()`,
    [actorIds],
  );
  return parked;
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
  // What was still on its way at the erasure may have been refused since.
  await deleteParkedOf(tx, actorIds);
  return forwarderState(tx, actorIds);
}

async function deleteParkedOf(tx: Queryable, actorIds: readonly string[]): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM outbox WHERE parked_at IS NOT NULL AND event ->> 'actor_id' = ANY ($1::text[])`,
    [actorIds],
  );
  return rowCount ?? 0;
}

export type ForwarderErasures = PeriodicTask & {
  /** Makes this place one of those that erasures wait for; before anybody can ask how far they are. */
  introduce(): Promise<void>;
  /** One pass. @throws the first failure, after everybody else was told. */
  runOnce(signal?: AbortSignal): Promise<void>;
  /** Forwarders of this service that a person has to look at; of nobody in particular. */
  findings(): string[];
};

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
  /** Empties what the forwarder keeps of the actor; the number of damaged files that it had to leave. */
  tell: (actorId: string) => Promise<number>;
}): ForwarderErasures {
  const { pool, clock } = deps;
  const place = deps.place.name;
  /** Which erasure of whom this process has told of. */
  const told = new Map<string, string>();
  /** Of whom damaged files were left, and when to look again: each look reads all that the forwarder keeps. */
  const lookAgainAt = new Map<string, number>();
  let notedAt = Number.NEGATIVE_INFINITY;
  let troubled: Troubled[] = [];

  async function introduce(): Promise<void> {
    await notePlace(pool, deps.place);
    notedAt = clock.now();
  }

  /** Also between two tellings: many may take longer than a place without a sign is known. */
  async function stayKnown(): Promise<void> {
    if (clock.now() - notedAt < SEEN_EVERY_MS) return;
    await introduce();
    await forgetPlaces(pool);
  }

  async function tellOf({ actorId, erasedAt }: ErasedActor): Promise<void> {
    await stayKnown();
    const files = await deps.tell(actorId);
    if (files > 0) {
      await noteQuarantine(pool, { actorId, place, files });
      lookAgainAt.set(actorId, clock.now() + LOOK_AGAIN_MS);
    } else {
      await confirmAt(pool, { actorId, erasedAt, place });
      lookAgainAt.delete(actorId);
    }
    told.set(actorId, erasedAt);
  }

  function isDue({ actorId, erasedAt, waiting, confirmed }: ErasedActor): boolean {
    if (waiting) return false;
    if (told.get(actorId) !== erasedAt) return true;
    return !confirmed && clock.now() >= (lookAgainAt.get(actorId) ?? 0);
  }

  async function runOnce(signal?: AbortSignal): Promise<void> {
    await stayKnown();
    await forgetErasures(pool);
    await deleteParked(pool);
    const erased = await erasedActors(pool, place);
    const known = new Set(erased.map(({ actorId }) => actorId));
    for (const kept of [told, lookAgainAt])
      for (const actorId of kept.keys()) if (!known.has(actorId)) kept.delete(actorId);
    const failures: unknown[] = [];
    for (const each of erased.filter(isDue)) {
      if (signal?.aborted) break;
      await tellOf(each).catch((error: unknown) => failures.push(error));
    }
    troubled = erased.length === 0 ? [] : await troubledPlaces(pool);
    if (failures.length > 0) throw failures[0];
  }

  const task = createPeriodicTask({
    ...deps,
    name: 'telling the forwarder who was erased',
    meanwhile: 'it keeps what it has of them',
    intervalMs: INTERVAL_MS,
    run: runOnce,
  });
  return { ...task, introduce, runOnce, findings: () => troubled.flatMap(inWords) };
}

function inWords({ place, lastSeen, late, quarantined, files }: Troubled): string[] {
  const beside = `the forwarder beside ${place}`;
  return [
    ...(late === 0
      ? []
      : [
          `${beside} has not confirmed erasures for more than an hour (names: ${late}); a process beside it was last seen on ${lastSeen.toISOString()}: look why it does not answer, start it again, or see "a forwarder that is gone" in docs/privacy.md`,
        ]),
    ...(quarantined === 0
      ? []
      : [
          `${beside} cannot confirm erasures (names: ${quarantined}): damaged files in the folder quarantine of its outbox name who was erased, or may (files: ${files}): remove them, see "damaged files" in docs/privacy.md`,
        ]),
  ];
}

const erasureSchema = z.object({ quarantine_files: z.number().int().min(0) });

/** Tells the forwarder at this address; how many damaged files it had to leave. @throws when it did not do it */
export function tellForwarder(
  fetchJson: Pick<Got, 'post'>,
  url: string,
): (actorId: string) => Promise<number> {
  return async (actorId) => {
    const { statusCode, body } = await fetchJson
      .post(`${url.replace(/\/+$/, '')}/erasures`, {
        json: { actor_id: actorId },
        timeout: { request: TIMEOUT_MS },
        throwHttpErrors: false,
      })
      // The error of an HTTP client carries the request, and that the person.
      .catch(() => ({ statusCode: 0, body: undefined }));
    if (statusCode !== 200) throw new Error(`the forwarder answered ${statusCode || 'nothing'}`);
    const erasure = erasureSchema.safeParse(body);
    if (!erasure.success) throw new Error('the forwarder did not say what it erased');
    return erasure.data.quarantine_files;
  };
}
