import type { Appended, NewEvent } from '../../src/outbox/index.ts';

/** What a store has to do to stand in the outbox's place behind the forwarder's own intake. */
export interface Engine {
  /** Resolves once the event is as durable as this engine makes it. The same id twice is one event. */
  append(event: NewEvent): Promise<Appended>;
}

export const appended = (): Appended => ({ outcome: 'appended', state: 'queued', acceptedAt: Date.now() });

/** Ids as the engines keep them: 16 bytes. */
export const idBytes = (eventId: string): Buffer => Buffer.from(eventId.replaceAll('-', ''), 'hex');

export const idText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
