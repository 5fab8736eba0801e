import type { z } from 'zod';
import { type Ask, jsonOf, type Question } from '../gather/http-client.ts';
import type { Target } from '../target/target.ts';
import { type Asked, forwarderSeen, outboxSeen, rowSeen, type Seen } from './seen.ts';

/** Asks A8, every forwarder and the outbox of every app for one event; who does not answer is noted, not waited for. */
export async function askEvent(
  { ask, apps, hubUrl, secrets }: Pick<Target, 'ask' | 'apps' | 'hubUrl' | 'secrets'>,
  eventId: string,
): Promise<Seen> {
  const id = encodeURIComponent(eventId);
  const headers = { authorization: `Bearer ${secrets.readKey}`, accept: 'application/json' };
  const [row, forwarders, outboxes] = await Promise.all([
    asked(ask, { url: `${hubUrl}/events/${id}`, headers }, rowSeen),
    Promise.all(
      apps.map(async ({ label, intake }) => ({
        label,
        asked: await asked(ask, { url: `${intake}/events/${id}` }, forwarderSeen),
      })),
    ),
    Promise.all(
      apps.map(async ({ label, ops }) => ({
        label,
        asked: inOutbox(await asked(ask, { url: `${ops}/outbox?event_id=${id}` }, outboxSeen)),
      })),
    ),
  ]);
  return { eventId, row, forwarders, outboxes };
}

async function asked<T>(ask: Ask, question: Question, schema: z.ZodType<T>): Promise<Asked<T>> {
  try {
    const reply = await ask(question);
    if (reply.status === 404) return { none: true };
    if (reply.status !== 200) return { unasked: `answered ${reply.status}` };
    const parsed = schema.safeParse(jsonOf(reply));
    return parsed.success ? { found: parsed.data } : { unasked: 'answered something else' };
  } catch (error) {
    const code = (error as { code?: string }).code;
    return { unasked: code ?? (error instanceof Error ? error.message : String(error)) };
  }
}

/** An outbox knows only what it still has to hand over. */
function inOutbox<T extends { state: string }>(answer: Asked<T>): Asked<T> {
  return 'found' in answer && answer.found.state === 'gone' ? { none: true } : answer;
}
