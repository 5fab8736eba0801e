import type { Clock } from '@scholar/runtime/clock';
import { carryOver } from './acknowledged.ts';
import type { OutboxLog } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import { type Folder, indexPath, journalPath, segmentPath } from './folder.ts';
import { indexSize } from './index-file.ts';
import { addToRanges, type Ledger, type LedgerData } from './ledger.ts';
import type { Quarantine } from './quarantine.ts';
import { noteMoved } from './reconcile.ts';
import { segmentsToDrop } from './retention.ts';
import { type Segment, STATE } from './segment.ts';
import type { SettleJournal } from './settle-journal.ts';

/** The index that will be written counts before it is there. */
const bytesOf = (segment: Segment): number =>
  segment.fileBytes + segment.journalBytes + Math.max(segment.indexBytes, indexSize(segment.count));

/** Knows how much the folder holds, and drops settled segments: ledger first, files second. */
export class Space {
  readonly #o: SpaceOptions;
  #onDisk = 0;
  #reserved = 0;
  #closed = false;
  #dropping: Promise<void> = Promise.resolve();

  constructor(o: SpaceOptions) {
    this.#o = o;
    this.recount();
  }

  get usedBytes(): number {
    return this.#onDisk + this.#reserved;
  }

  get retainedBytes(): number {
    let sum = 0;
    for (const segment of this.#o.catalogue.segments)
      if (segment.settledAt !== undefined) sum += bytesOf(segment);
    return sum;
  }

  fits(bytes: number): boolean {
    return this.usedBytes + bytes <= this.#o.maxBytes;
  }

  /** Bytes on their way to the disk count at once, or a burst would run over the quota. */
  reserve(bytes: number): void {
    this.#reserved += bytes;
  }

  unreserve(bytes: number): void {
    this.#reserved -= bytes;
  }

  /** Once per batch, not per event: it walks all segments. */
  recount(): void {
    let sum = this.#o.letters.bytes + this.#o.quarantine.summary.bytes;
    for (const segment of this.#o.catalogue.segments) sum += bytesOf(segment);
    this.#onDisk = sum;
  }

  /** Drops what retention allows, and beyond that enough for `needBytes`, if that much is settled. */
  tidy(needBytes = 0): Promise<void> {
    const done = this.#dropping.then(async () => {
      if (this.#closed) return;
      // Waiting notes are written first: what is counted now must not grow while we drop.
      if (needBytes > 0) await this.#o.journal.flush();
      await this.#tidy(needBytes);
    });
    this.#dropping = done.catch(() => undefined);
    return done;
  }

  /** Runs `task` while no segment is dropped. */
  undisturbed<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#dropping.then(task);
    this.#dropping = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Tidies once more; afterwards nothing here touches the folder. */
  async close(): Promise<void> {
    await this.tidy().catch(() => undefined);
    this.#closed = true;
    await this.#dropping;
  }

  async #tidy(needBytes: number): Promise<void> {
    const { catalogue, clock, maxBytes, retainBytes, retainMs } = this.#o;
    this.recount();
    const ids = segmentsToDrop({
      segments: catalogue.segments.map((s) => ({
        id: s.id,
        bytes: bytesOf(s),
        sealed: s.sealed,
        settledAt: s.unreadable > 0 ? undefined : s.settledAt,
      })),
      now: clock.now(),
      retainMs,
      retainBytes,
      needBytes: needBytes === 0 ? 0 : Math.max(0, this.usedBytes + needBytes - maxBytes),
    });
    if (ids.length === 0) return;
    await noteMoved(this.#o);
    const chosen = catalogue.segments.filter((segment) => ids.includes(segment.id));
    await this.#drop(chosen);
    this.recount();
  }

  async #drop(segments: readonly Segment[]): Promise<void> {
    const { catalogue, disk, folder, journal, ledger, log } = this.#o;
    for (const segment of segments) segment.dropping = true;
    const count = (data: LedgerData): void => {
      for (const segment of segments) {
        data.dropped.appended += segment.appended;
        data.dropped.delivered += segment.counts[STATE.delivered] ?? 0;
        data.dropped.discarded += segment.counts[STATE.discarded] ?? 0;
        data.dropped.dead += segment.counts[STATE.dead] ?? 0;
        data.dropped.quarantined += segment.counts[STATE.quarantined] ?? 0;
        data.lastSequence = Math.max(data.lastSequence, segment.lastSequence);
        data.droppedSegments = addToRanges(data.droppedSegments, segment.id);
      }
      carryOver(data, segments, this.#o.clock.now());
    };
    const forget = (): void => {
      for (const segment of segments) {
        catalogue.drop(segment);
        journal.forget(segment);
      }
    };
    try {
      await ledger.change(count, forget);
    } catch (error) {
      for (const segment of segments) segment.dropping = false;
      throw error;
    }
    for (const { id } of segments) {
      await disk.unlink(segmentPath(folder, id));
      await disk.unlink(indexPath(folder, id));
      await disk.unlink(journalPath(folder, id));
    }
    await disk.syncDir(folder.segments);
    log.info(
      { segments: segments.map((segment) => segment.id) },
      'dropped segments whose events are all settled',
    );
  }
}

export interface SpaceOptions {
  disk: Disk;
  folder: Folder;
  clock: Clock;
  log: OutboxLog;
  catalogue: Catalogue;
  ledger: Ledger;
  letters: DeadLetters;
  quarantine: Quarantine;
  journal: SettleJournal;
  maxBytes: number;
  retainBytes: number;
  retainMs: number;
}
