import { eventHeaders } from '@scholar/contract';
import type { NewEvent } from '../../outbox/index.ts';
import { newUser } from '../start-forwarder.ts';

/** The n-th event of an outage. Its number is in its id, so that three million ids need no more than a bit each. */
export function numberedEvent(n: number): NewEvent {
  const eventId = `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const headers = eventHeaders({ label: 'scholar_auth', eventId });
  return { eventId, headers, body: Buffer.from(newUser(`event ${n}`)) };
}

export const numberOf = (eventId: string): number => Number.parseInt(eventId.slice(0, 8), 16);
