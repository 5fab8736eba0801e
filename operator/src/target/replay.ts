import type { AppLabel } from '@scholar/contract';
import { z } from 'zod';
import { jsonOf, type Reply } from '../gather/http-client.ts';

/** Asks a forwarder's control port, with its token. */
export type AskControl = (question: { method: 'GET' | 'POST'; path: string }) => Promise<Reply>;

export interface ReplayOf {
  label: AppLabel;
  /** One for each forwarder of the app; which of them holds an event is found out. */
  forwarders: readonly AskControl[];
}

/** @returns how many were put back into the queue. @throws Error after the last one when no forwarder keeps some of them. */
export async function replay(of: ReplayOf, eventIds: readonly string[]): Promise<number> {
  const refused: string[] = [];
  for (const eventId of eventIds) {
    const status = await replayOne(of, eventId);
    if (status >= 300) refused.push(`${eventId} (status ${status})`);
  }
  const [first] = refused;
  if (first === undefined) return eventIds.length;
  throw new Error(
    `The forwarder of ${of.label} cannot replay ${refused.length} of ${eventIds.length} events, ${first} among them.`,
  );
}

async function replayOne({ forwarders }: ReplayOf, eventId: string): Promise<number> {
  let status = 404;
  for (const ask of forwarders) {
    ({ status } = await ask({ method: 'POST', path: `/events/${eventId}/replay` }));
    if (status < 300) break;
  }
  return status;
}

const listedSchema = z.object({ events: z.array(z.object({ event_id: z.string() })) });

/** Oldest first, at most a thousand of each: a person looks at more than that. @returns how many were put back into the queue. */
export async function replayDead(of: ReplayOf): Promise<number> {
  let count = 0;
  for (const ask of of.forwarders) {
    const reply = await ask({ method: 'GET', path: '/outbox?state=dead&limit=1000' });
    if (reply.status !== 200)
      throw new Error(`The forwarder of ${of.label} does not list its dead letters: status ${reply.status}.`);
    const ids = listedSchema.parse(jsonOf(reply)).events.map(({ event_id }) => event_id);
    count += await replay({ ...of, forwarders: [ask] }, ids);
  }
  return count;
}
