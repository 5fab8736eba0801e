import { type ContractEvent, contentHash, eventHeaders, HEADER } from '@scholar/contract';
import type { EventView } from '../../read/event-view.ts';

export type CurlText = {
  command: string;
  /** True where the body is the stored event to the letter, so that A8 answers it as a duplicate. */
  same: boolean;
};

/**
 * The event as a command for a POSIX shell. No key is in it: the shell's A8_URL and A8_KEY are used. A row has its instant
 * and not how it was written, so the forms that senders use are tried against the stored hash.
 */
export function asCurl(event: EventView): CurlText {
  const bodies = instants(event.occurred_at).map((occurredAt) => bodyOf(event, occurredAt));
  const same = bodies.find((body) => hashOf(event.app_label, body) === event.content_hash);
  const headers = eventHeaders({ label: event.app_label, eventId: event.event_id });
  const lines = [
    'curl -sS -X POST "$A8_URL/events"',
    `-H "${HEADER.authorization}: Bearer $A8_KEY"`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-raw ${quoted(JSON.stringify(same ?? bodies[0]))}`,
  ];
  return { command: lines.join(' \\\n  '), same: same !== undefined };
}

function bodyOf(event: EventView, occurredAt: string) {
  const { event_type, actor_id, session_id, source, payload } = event;
  return {
    ...{ event_type, occurred_at: occurredAt, actor_id },
    ...(session_id === null ? {} : { session_id }),
    ...{ source, payload },
  };
}

function instants(at: Date): string[] {
  const iso = at.toISOString();
  return [iso, iso.replace('.000Z', 'Z'), iso.replace('Z', '+00:00'), iso.replace('.000Z', '+00:00')];
}

function hashOf(label: string, body: ReturnType<typeof bodyOf>): string {
  return contentHash(label, body as ContractEvent).toString('hex');
}

/** For a POSIX shell: nothing inside single quotes is special, and a quote ends them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
