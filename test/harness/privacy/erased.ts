import { type AppLabel, ERASED_ACTOR, eventHeaders } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import type { LocalSystem } from '../local-system.ts';

/** A system on this machine or in a cluster. */
type System = Pick<LocalSystem, 'query' | 'queryAs' | 'scholar'>;

const PATIENCE_MS = 90_000;

export type Row = { event_id: string; app_label: AppLabel; event_type: string; occurred_at: Date };

/** The events of some actors, once A8 has at least one of each of these types. */
export async function eventsOf(system: System, actors: string[], types: string[]): Promise<Row[]> {
  let rows: Row[] = [];
  const complete = async () => {
    rows = await system.query<Row>(
      'SELECT event_id, app_label, event_type, occurred_at FROM events WHERE actor_id = ANY($1) ORDER BY event_id',
      [actors],
    );
    return types.every((type) => rows.some(({ event_type }) => event_type === type));
  };
  await waitFor(complete, { timeoutMs: PATIENCE_MS, what: `rows of ${types.join(', ')}` });
  return rows;
}

/** Makes the waits of erasures end now: until the last token has run out, and between two attempts. */
export async function hurryErasures(system: System): Promise<void> {
  await system.queryAs(
    'scholar_auth',
    `UPDATE erasure_confirmations SET next_attempt_at = now() WHERE confirmed_at IS NULL;
     UPDATE erasure_forwarders SET next_attempt_at = now() WHERE confirmed_at IS NULL`,
  );
}

type Step = { confirmed_at: string | null; last_problem: string | null };

/** What a person who follows their erasure sees. */
export async function erasureAt(auth: string, requestId: unknown) {
  const response = await fetch(`${auth}/privacy/erasures/${requestId}`);
  return (await response.json()) as {
    finished_at: string | null;
    parties: ({ party: string; forwarders: Step | null } & Step)[];
  };
}

/** What one party still has to confirm. */
export function openSteps({
  party,
  confirmed_at,
  forwarders,
}: { party: string; forwarders: Step | null } & Step): string[] {
  return [
    ...(confirmed_at === null ? [party] : []),
    ...(forwarders !== null && forwarders.confirmed_at === null ? [`forwarders of ${party}`] : []),
  ];
}

/** The rows of these events as A8 has them, when none of them says anything any more. */
export async function emptiedRows(system: System, events: readonly Row[]): Promise<Row[]> {
  let rows: Row[] = [];
  const emptied = async () => {
    rows = await system.query<Row>(
      `SELECT event_id, app_label, event_type, occurred_at FROM events
        WHERE event_id = ANY($1) AND erased_at IS NOT NULL AND actor_id = $2 AND payload = '{}' AND session_id IS NULL
        ORDER BY event_id`,
      [events.map(({ event_id }) => event_id), ERASED_ACTOR],
    );
    return rows.length === events.length;
  };
  await waitFor(emptied, { timeoutMs: PATIENCE_MS, what: 'empty rows' }).catch(() => undefined);
  return rows;
}

/** Waits until neither A8 nor any forwarder keeps an event under this name: `scholar erase` finds nothing to do. */
export async function nothingLeft(system: System, actor: string): Promise<void> {
  const clean = async () => {
    const { hub, forwarders, not_reached } = JSON.parse(
      (await system.scholar('erase', actor, '-o', 'json')).stdout,
    );
    const kept = forwarders.filter((each: Record<string, number>) =>
      ['queued', 'delivered', 'other', 'dead_letters'].some((state) => each[state] !== 0),
    );
    return hub.events === 0 && kept.length === 0 && not_reached.length === 0;
  };
  await waitFor(clean, { timeoutMs: PATIENCE_MS, what: 'an end of what A8 and the forwarders keep' });
}

/** Hands an event in again as its app would, with all that it said; the status of the answer. */
export async function sendAgain(system: LocalSystem, event: Row, actor: string): Promise<number> {
  const { forwarder } = await system.app(event.app_label);
  const response = await fetch(`${forwarder.intake}/events`, {
    method: 'POST',
    headers: { ...eventHeaders({ label: event.app_label, eventId: event.event_id }), prefer: 'wait=20' },
    body: JSON.stringify({
      ...{ event_type: event.event_type, occurred_at: event.occurred_at.toISOString(), actor_id: actor },
      ...{ source: '/again', payload: { details: 'again' } },
    }),
  });
  return response.status;
}
