import type { Erasure } from '../outbox/index.ts';

/** One event as `list` shows it. */
export type ListedEvent = {
  event_id: string;
  state: string;
  accepted_at: string;
  bytes: number;
  class?: string;
};

export type Listing = { events: ListedEvent[]; totals: Record<string, number> };

/** What `show` tells; everything that `GET /outbox/{id}` says, or as much of it as the folder knows. */
export type Shown = {
  event_id: string;
  state: string;
  headers: Record<string, string>;
  body: string;
} & Record<string, unknown>;

/** The outbox behind the command, be it a folder or a running forwarder. */
export interface OutboxAccess {
  list(query: { state: 'queued' | 'delivered' | 'dead'; limit: number }): Promise<Listing>;
  /** @throws NoSuchEvent */
  show(eventId: string): Promise<Shown>;
  /** @throws NoSuchEvent, Refused */
  replay(eventId: string, body?: string): Promise<{ event_id: string }>;
  /** @throws NoSuchEvent */
  discard(eventId: string): Promise<void>;
  /** Takes the content of one actor's events out, or only counts. @throws Refused, CannotLook */
  erase(actorId: string, options: { dryRun: boolean }): Promise<Erasure>;
}

/** Exit code 1: it was looked, and the answer is no. */
export class Refused extends Error {}
export class NoSuchEvent extends Refused {
  constructor(eventId: string) {
    super(`no event ${eventId} here: it was never accepted, or left after its retention`);
  }
}
/** Exit code 4: could not look. */
export class CannotLook extends Error {}

/** Nobody listens there: the folder may still be looked into. */
export class NotRunning extends CannotLook {}

/** Asks the running forwarder, which knows more; where none runs, the folder. */
export function preferRunning(running: OutboxAccess, folder: OutboxAccess): OutboxAccess {
  async function ask<T>(question: (access: OutboxAccess) => Promise<T>): Promise<T> {
    try {
      return await question(running);
    } catch (error) {
      if (error instanceof NotRunning) return question(folder);
      throw error;
    }
  }
  return {
    list: (query) => ask((access) => access.list(query)),
    show: (eventId) => ask((access) => access.show(eventId)),
    replay: (eventId, body) => ask((access) => access.replay(eventId, body)),
    discard: (eventId) => ask((access) => access.discard(eventId)),
    erase: (actorId, options) => ask((access) => access.erase(actorId, options)),
  };
}
