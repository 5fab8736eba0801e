import { randomUUID } from 'node:crypto';
import { contentHash, parseEvent } from '@scholar/contract';
import { type Entry, type Outcome, Pending } from '../ingest/entry.ts';
import { anEvent } from './send.ts';

/** A valid entry, with what a test wants different in the event (before it is hashed) and in the entry. */
export function anEntry(changes: Partial<Entry> = {}, event: Record<string, unknown> = {}): Entry {
  const parsed = parseEvent(anEvent(event));
  if (!parsed.ok) throw new Error('the event of the test is not one');
  return {
    eventId: randomUUID(),
    label: 'scholarship_api',
    event: parsed.event,
    contentHash: contentHash('scholarship_api', parsed.event),
    simulated: false,
    keyId: 'emit',
    requestId: 'request-1',
    canaryId: undefined,
    forwarderId: undefined,
    traceparent: undefined,
    bytes: 100,
    ...changes,
  };
}

/** Writes a batch and tells the outcome of each entry, undefined where none was told. */
export async function outcomesOf(
  writeBatch: (batch: readonly Pending[]) => Promise<void>,
  entries: readonly Entry[],
): Promise<(Outcome | undefined)[]> {
  const outcomes: (Outcome | undefined)[] = entries.map(() => undefined);
  const pending = entries.map(
    (entry, index) =>
      new Pending(entry, 0, (told) => {
        outcomes[index] = told;
      }),
  );
  await writeBatch(pending);
  return outcomes;
}
