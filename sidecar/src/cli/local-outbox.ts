import { access } from 'node:fs/promises';
import { HEADER } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { actorEraser } from '../intake/actor-eraser.ts';
import {
  listOutbox,
  type NewEvent,
  type Outbox,
  OutboxError,
  openOutbox,
  showEvent,
  UnknownEvent,
} from '../outbox/index.ts';
import { correctedEvent } from './corrected-event.ts';
import { CannotLook, NoSuchEvent, type OutboxAccess, Refused } from './outbox-access.ts';

/**
 * The outbox in a folder. `list` and `show` read beside a running forwarder; `replay` and `discard` take its lock.
 * @throws CannotLook when the folder does not exist.
 */
export async function localOutbox(dir: string): Promise<OutboxAccess> {
  await access(dir).catch(() => {
    throw new CannotLook(`there is no folder ${dir}`);
  });
  return {
    async list({ state, limit }) {
      const { events, totals } = await listOutbox(dir, { state, limit });
      return {
        totals,
        events: events.map(({ eventId, acceptedAt, bytes, class: deadClass, state: found }) => ({
          event_id: eventId,
          state: found,
          accepted_at: new Date(acceptedAt).toISOString(),
          bytes,
          ...(deadClass ? { class: deadClass } : {}),
        })),
      };
    },
    async show(eventId) {
      const found = await showEvent(dir, eventId);
      if (!found) throw new NoSuchEvent(eventId);
      const { status, event } = found;
      return {
        event_id: status.eventId,
        state: status.state,
        accepted_at: new Date(status.acceptedAt).toISOString(),
        delivery: status.delivery ?? null,
        problem: status.burial?.problem ?? null,
        headers: event.headers,
        body: event.body.toString('utf8'),
      };
    },
    replay: (eventId, body) =>
      withLock(dir, async (outbox) => {
        const replayed = await outbox.replay(
          eventId,
          body === undefined ? undefined : await corrected(outbox, eventId, body),
        );
        return { event_id: replayed.eventId };
      }),
    discard: (eventId) => withLock(dir, (outbox) => outbox.discard(eventId)),
    erase: (actorId, options) => withLock(dir, (outbox) => outbox.erase(actorEraser(actorId), options)),
  };
}

async function withLock<T>(dir: string, work: (outbox: Outbox) => Promise<T>): Promise<T> {
  try {
    const outbox = await openOutbox({ dir, clock: systemClock });
    try {
      return await work(outbox);
    } finally {
      await outbox.close();
    }
  } catch (error) {
    if (error instanceof UnknownEvent) throw new Refused(error.message);
    if (error instanceof OutboxError) throw new CannotLook(error.message);
    throw error;
  }
}

async function corrected(outbox: Outbox, eventId: string, text: string): Promise<NewEvent> {
  const original = await outbox.read(eventId);
  if (!original) throw new NoSuchEvent(eventId);
  return correctedEvent(original.headers[HEADER.label] ?? '', text);
}
