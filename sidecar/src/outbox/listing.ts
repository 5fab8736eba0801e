import type { EventSummary } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import type { DeadLetters } from './dead-letters.ts';
import { DamagedRecord, type RecordReader } from './record-reader.ts';
import { type Segment, STATE } from './segment.ts';

const AT_ONCE = 64;

/** Oldest first. Reads only as much as it shows. */
export async function listEvents(
  o: { catalogue: Catalogue; reader: RecordReader; letters: DeadLetters },
  query: { state: 'queued' | 'delivered' | 'dead'; limit: number },
): Promise<EventSummary[]> {
  if (query.state === 'dead') return listLetters(o.letters, query.limit);
  const events: EventSummary[] = [];
  for (const segment of o.catalogue.segments) {
    let from = 0;
    while (events.length < query.limit) {
      const indexes = nextIndexes(segment, {
        from,
        state: query.state,
        most: Math.min(AT_ONCE, query.limit - events.length),
      });
      if (indexes.length === 0) break;
      from = (indexes.at(-1) ?? 0) + 1;
      for (const event of await o.reader.run(segment, indexes)) {
        if (event instanceof DamagedRecord) continue;
        const { eventId, acceptedAt, body } = event;
        events.push({ eventId, state: query.state, acceptedAt, bytes: body.length });
      }
    }
  }
  return events;
}

function nextIndexes(
  segment: Segment,
  o: { from: number; state: 'queued' | 'delivered'; most: number },
): number[] {
  const indexes: number[] = [];
  let index = segment.nextInState(o.from, STATE[o.state]);
  while (index >= 0 && indexes.length < o.most) {
    indexes.push(index);
    index = segment.nextInState(index + 1, STATE[o.state]);
  }
  return indexes;
}

function listLetters(letters: DeadLetters, limit: number): EventSummary[] {
  const entries = [...letters.entries].sort(([, a], [, b]) => a.sequence - b.sequence);
  return entries.slice(0, limit).map(([eventId, letter]) => ({
    eventId,
    state: 'dead' as const,
    acceptedAt: letter.acceptedAt,
    bytes: letter.bodyBytes,
    class: letter.class,
  }));
}
