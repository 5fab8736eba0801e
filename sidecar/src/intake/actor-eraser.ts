import { ERASED_ACTOR, erasedEvent } from '@scholar/contract';
import type { Eraser } from '../outbox/index.ts';

const BACKSLASH = 0x5c;
/** The way in which JSON may write any character at all. */
const ANY_ESCAPE = Buffer.from('\\u');
/** What JSON may write with one letter after a backslash. */
const SHORT_ESCAPED = /["\\/\b\f\n\r\t]/u;

/** Finds the events of one actor in what the outbox keeps, and says what is left of them (contract, erasure). */
export function actorEraser(actorId: string): Eraser {
  const name = Buffer.from(actorId);
  const escaped = SHORT_ESCAPED.test(actorId) ? BACKSLASH : ANY_ESCAPE;
  return {
    // Where nothing is escaped, the actor is named as they are. Damaged bytes hold a lone backslash for no reason.
    mayConcern: (bytes) => bytes.includes(name) || bytes.includes(escaped),
    concerns: (body) => actorOf(body) === actorId,
    erased: (body) => Buffer.from(JSON.stringify(erasedEvent(parsed(body)))),
  };
}

/** Is this what an erasure left of an event? Then any content is that of the same event: nobody can say otherwise. */
export function isErased(body: Buffer): boolean {
  const event = parsed(body);
  return event['actor_id'] === ERASED_ACTOR || Object.keys(event).length === 0;
}

const actorOf = (body: Buffer): unknown => parsed(body)['actor_id'];

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
