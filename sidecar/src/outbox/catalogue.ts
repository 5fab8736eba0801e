import { type IdRun, IdTable } from './id-table.ts';
import type { SegmentSummary } from './index-file.ts';
import { type Position, type RecordState, Segment, type SegmentOrigin, STATE } from './segment.ts';

/**
 * Every record that is on disk, and what became of it. The one place that knows all segments; it does no I/O.
 * Ordinals number the records of this process's view without gaps; the id table keeps their low 32 bits.
 */
export class Catalogue {
  readonly #segments: Segment[] = [];
  readonly #ids: IdTable;
  #nextOrdinal = 1;
  queuedBytes = 0;
  /** Adopted, their ids not yet in the table. */
  #unknown: IdRun[] = [];

  /** `seed` for the hash. */
  constructor(seed: number) {
    this.#ids = new IdTable({ seed, isLive: (low) => this.#locate(low) !== undefined });
  }

  /** Oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Opens a segment at the end; only one at a time takes records. */
  open(origin: SegmentOrigin): Segment {
    const segment = new Segment({ ...origin, firstOrdinal: this.#nextOrdinal });
    this.#segments.push(segment);
    return segment;
  }

  /** Adds a sealed segment that was found on disk, all of it queued. Its ids are found only after `learnIds`. */
  adopt(found: SegmentSummary): Segment {
    const segment = this.open({ ...found, id: found.segmentId });
    segment.adopt(found);
    segment.end = found.end;
    segment.fileBytes = found.fileBytes;
    this.#unknown.push({ ids: found.ids, firstOrdinal: segment.firstOrdinal });
    this.#nextOrdinal = segment.firstOrdinal + segment.count;
    if (segment.count > 0) this.queuedBytes += segment.end - segment.offset(0);
    return segment;
  }

  /** Ends a start, before the first record is added. @returns records whose id may have been met before */
  learnIds(): Position[] {
    const again = this.#ids.fill(this.#unknown);
    this.#unknown = [];
    return again.flatMap((ordinal) => this.#locate(ordinal) ?? []);
  }

  /** `ids[idAt, idAt + 16)` is the event id, `end` where the record ends in the file. */
  add(
    segment: Segment,
    record: { offset: number; end: number; acceptedAt: number; replayed: boolean; ids: Buffer; idAt: number },
  ): Position {
    const index = segment.add(record);
    segment.end = record.end;
    this.#ids.insert(record.ids, record.idAt, segment.firstOrdinal + index);
    this.#nextOrdinal = segment.firstOrdinal + segment.count;
    this.queuedBytes += record.end - record.offset;
    return { segment, index };
  }

  /** Records that may carry this id, newest first; a fingerprint can err, so read before you believe. */
  candidates(id: Buffer, at = 0): Position[] {
    const found: Position[] = [];
    for (const low of this.#ids.candidates(id, at)) {
      const position = this.#locate(low);
      if (position !== undefined) found.push(position);
    }
    const ordinal = (p: Position): number => p.segment.firstOrdinal + p.index;
    return found.length < 2 ? found : found.sort((a, b) => ordinal(b) - ordinal(a));
  }

  /** The only way a record changes its state. */
  setState(position: Position, to: RecordState, now: number): void {
    const { segment, index } = position;
    const from = segment.state(index);
    const bytes = segment.nextOffset(index) - segment.offset(index);
    if (from === STATE.queued && to !== STATE.queued) this.queuedBytes -= bytes;
    if (from !== STATE.queued && to === STATE.queued) this.queuedBytes += bytes;
    segment.setState(index, to);
    segment.settledAt = segment.queued === 0 ? (segment.settledAt ?? now) : undefined;
  }

  /** Forgets a segment whose files are gone. */
  drop(segment: Segment): void {
    const at = this.#segments.indexOf(segment);
    if (at >= 0) this.#segments.splice(at, 1);
  }

  count(state: RecordState): number {
    let sum = 0;
    for (const segment of this.#segments) sum += segment.counts[state] ?? 0;
    return sum;
  }

  get appended(): number {
    let sum = 0;
    for (const segment of this.#segments) sum += segment.appended;
    return sum;
  }

  /** The first record from this ordinal on that the backlog may take. */
  nextTakeable(ordinal: number): Position | undefined {
    for (const segment of this.#segments) {
      if (segment.takeable === 0 || segment.firstOrdinal + segment.count <= ordinal) continue;
      const index = segment.nextTakeable(Math.max(0, ordinal - segment.firstOrdinal));
      if (index >= 0) return { segment, index };
    }
    return undefined;
  }

  oldestQueued(): Position | undefined {
    for (const segment of this.#segments) {
      if (segment.queued === 0) continue;
      const index = segment.nextInState(0, STATE.queued);
      if (index >= 0) return { segment, index };
    }
    return undefined;
  }

  #locate(low: number): Position | undefined {
    const first = this.#segments[0]?.firstOrdinal;
    if (first === undefined) return undefined;
    const ordinal = first + ((low - first) >>> 0);
    let from = 0;
    let to = this.#segments.length - 1;
    while (from <= to) {
      const middle = (from + to) >>> 1;
      const segment = this.#segments[middle];
      if (segment === undefined) return undefined;
      if (ordinal < segment.firstOrdinal) to = middle - 1;
      else if (ordinal >= segment.firstOrdinal + segment.count) from = middle + 1;
      else return { segment, index: ordinal - segment.firstOrdinal };
    }
    return undefined;
  }
}
