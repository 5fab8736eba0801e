import { crc32 } from 'node:zlib';
import type { Disk } from './disk.ts';
import { OutboxTooNew } from './errors.ts';
import type { Folder } from './folder.ts';
import { FORMAT_VERSION, OLDEST_READER } from './format.ts';
import type { EncodedMinute } from './minute-digests.ts';
import { replaceFile } from './write-file.ts';

/** Counts of records whose segments are gone. */
export interface DroppedCounts {
  appended: number;
  delivered: number;
  discarded: number;
  dead: number;
  quarantined: number;
}

/**
 * What must outlive the files it speaks of. Written before a file is removed, so that a crash in between leaves a file
 * too many, which the next start removes, and never a count too few.
 */
export interface LedgerData {
  dropped: DroppedCounts;
  /** Dead letters that were replayed under their own id, and that were given up. */
  deadMoved: number;
  deadDiscarded: number;
  /** Ids of dropped segments as [first, last], ascending. A file of theirs that is still there is to be removed. */
  droppedSegments: [number, number][];
  /** No record that was ever dropped had a higher sequence. */
  lastSequence: number;
  /** Letters whose removal is decided but may not have been carried out. */
  closingLetters: { eventId: string; sequence: number }[];
  /** Absent in a folder that an earlier release made. */
  conservation?: Conservation;
}

/** Who this folder is to A8, and what A8 has acknowledged of records whose segments are gone (acknowledged.ts). */
export interface Conservation {
  forwarderId: string;
  /** When it got this id, ms since the epoch: receipts of before are of another. */
  createdAt: number;
  /** The minute (since the epoch) from which on every minute is complete. */
  since: number;
  /** `dropped.delivered` as of the last time that this was written: an earlier release leaves it behind. */
  delivered: number;
  minutes: EncodedMinute[];
}

export const emptyLedger = (): LedgerData => ({
  dropped: { appended: 0, delivered: 0, discarded: 0, dead: 0, quarantined: 0 },
  deadMoved: 0,
  deadDiscarded: 0,
  droppedSegments: [],
  lastSequence: 0,
  closingLetters: [],
});

/** Adds one id to ascending ranges, joining neighbours. */
export function addToRanges(ranges: readonly [number, number][], id: number): [number, number][] {
  const sorted: [number, number][] = [...ranges, [id, id]];
  sorted.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export const inRanges = (ranges: readonly [number, number][], id: number): boolean =>
  ranges.some(([from, to]) => from <= id && id <= to);

export function encodeLedger(data: LedgerData): Buffer {
  const text = JSON.stringify(data);
  return Buffer.from(
    `${JSON.stringify({ format: FORMAT_VERSION, oldest_reader: OLDEST_READER, crc32: crc32(text), ledger: text })}\n`,
  );
}

/** undefined: damaged. @throws OutboxTooNew */
export function decodeLedger(bytes: Buffer, path: string): LedgerData | undefined {
  try {
    const outer: { oldest_reader: number; crc32: number; ledger: string } = JSON.parse(bytes.toString());
    if (outer.oldest_reader > FORMAT_VERSION)
      throw new OutboxTooNew(path, outer.oldest_reader, FORMAT_VERSION);
    return crc32(outer.ledger) === outer.crc32 ? JSON.parse(outer.ledger) : undefined;
  } catch (error) {
    if (error instanceof OutboxTooNew) throw error;
    return undefined;
  }
}

/** The ledger file; one change at a time. */
export class Ledger {
  readonly #disk: Disk;
  readonly #folder: Folder;
  #data: LedgerData;
  #last: Promise<void> = Promise.resolve();

  constructor(o: { disk: Disk; folder: Folder; data: LedgerData }) {
    this.#disk = o.disk;
    this.#folder = o.folder;
    this.#data = o.data;
  }

  get data(): Readonly<LedgerData> {
    return this.#data;
  }

  /** Durable when it resolves; on an error nothing has changed here. `then` runs in the same instant as the change shows. */
  change(edit: (data: LedgerData) => void, then?: () => void): Promise<void> {
    const done = this.#last.then(async () => {
      const next = structuredClone(this.#data);
      edit(next);
      await replaceFile(this.#disk, this.#folder.ledger, encodeLedger(next));
      this.#data = next;
      then?.();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
