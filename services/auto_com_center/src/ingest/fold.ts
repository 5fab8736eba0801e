import type { Entry, Pending } from './entry.ts';

/** One row to write, and everybody in the batch who sent exactly this content under this id. */
export type Row = { entry: Entry; members: Pending[] };

/** `others` sent another content under the id of a row; what they are is known once the row is. */
export type Folded = { rows: Row[]; others: Map<string, Pending[]> };

/**
 * Folds a batch to one row an id, sorted by id.
 *
 * ON CONFLICT DO UPDATE may not touch a row twice in one statement, hence the folding; two writers that
 * lock common ids in one order cannot deadlock, hence the sorting. The first content of an id is the row.
 */
export function fold(batch: readonly Pending[]): Folded {
  const byId = new Map<string, Row>();
  const others = new Map<string, Pending[]>();
  for (const pending of batch) {
    const { entry } = pending;
    const row = byId.get(entry.eventId);
    if (row === undefined) {
      byId.set(entry.eventId, { entry, members: [pending] });
    } else if (row.entry.contentHash.equals(entry.contentHash)) {
      row.members.push(pending);
    } else {
      const divergent = others.get(entry.eventId);
      if (divergent === undefined) others.set(entry.eventId, [pending]);
      else divergent.push(pending);
    }
  }
  return { rows: [...byId.values()].sort(byEventId), others };
}

function byEventId(left: Row, right: Row): number {
  if (left.entry.eventId === right.entry.eventId) return 0;
  return left.entry.eventId < right.entry.eventId ? -1 : 1;
}
