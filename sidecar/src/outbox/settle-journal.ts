import type { Clock } from '@scholar/runtime/clock';
import type { DeliveryNote, OutboxLog } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import type { Disk } from './disk.ts';
import { io } from './errors.ts';
import { type Folder, journalPath } from './folder.ts';
import { readIfThere } from './read-if-there.ts';
import { decodeNote } from './receipt-note.ts';
import { type Position, type RecordState, type Segment, STATE, STATE_COUNT } from './segment.ts';
import { encodeSettlement, readSettlements, type Settlement } from './settle-format.ts';

/** Beyond this the disk has refused for long: forget the oldest notes, which only sends those events again. */
const MOST_WAITING = 100_000;
const NO_NOTE = Buffer.alloc(0);
/** The receipts of one segment take some megabytes. */
const KEEP_MS = 5_000;

/**
 * Notes what became of records, lazily: the first note starts a wait of `everyMs`, then all notes are written, one file
 * per segment, without a sync. `writeNow` writes the notes of one segment and syncs: for what a person asked for.
 * A write that fails keeps its notes and is tried again with the next.
 */
export class SettleJournal {
  readonly #o: SettleJournalOptions;
  readonly #waiting = new Map<Segment, Settlement[]>();
  readonly #stop = new AbortController();
  #kept: { segment: Segment; receipts: (Buffer | undefined)[]; usedAt: number } | undefined;
  #count = 0;
  #armed = false;
  #closed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(o: SettleJournalOptions) {
    this.#o = o;
  }

  note(position: Position, entry: { state: RecordState; at: number; note?: Buffer }): void {
    // After close the folder may be another process's; a note that is lost only sends again.
    if (this.#closed) return;
    const { segment, index } = position;
    const list = this.#waiting.get(segment) ?? [];
    list.push({ note: NO_NOTE, ...entry, offset: segment.offset(index) });
    this.#waiting.set(segment, list);
    this.#count += 1;
    if (this.#count > MOST_WAITING) this.#forgetOldest();
    void this.#arm();
  }

  /** Writes everything that waits, without a sync. Never throws: what could not be written stays. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      for (const segment of [...this.#waiting.keys()]) {
        await this.#write(segment, false).catch((error: unknown) => {
          this.#o.log.warn(
            { err: error, segment: segment.id },
            'settlements wait in memory: a restart would send those events again',
          );
        });
      }
    });
    return this.#writing;
  }

  /** Writes and syncs the notes of one segment. @throws the disk's error */
  writeNow(segment: Segment): Promise<void> {
    const written = this.#writing.then(() => this.#write(segment, true));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** Notes about a segment whose files are gone. */
  forget(segment: Segment): void {
    this.#count -= this.#waiting.get(segment)?.length ?? 0;
    this.#waiting.delete(segment);
    if (this.#kept?.segment === segment) this.#kept = undefined;
  }

  /** The receipt of a delivered record, or undefined when its note was lost. @throws OutboxFailed */
  async delivery({ segment, index }: Position): Promise<DeliveryNote | undefined> {
    const found = (await this.receipts(segment))[index];
    return found === undefined ? undefined : decodeNote(found);
  }

  /** The note of each delivered record, by its index; those that wait to be written, too. @throws OutboxFailed */
  receipts(segment: Segment): Promise<readonly (Buffer | undefined)[]> {
    // Between two writes: a note is in the file, or it waits.
    const read = this.#writing.then(() => this.#read(segment));
    this.#writing = read.then(
      () => undefined,
      () => undefined,
    );
    return read;
  }

  async #read(segment: Segment): Promise<readonly (Buffer | undefined)[]> {
    const written = await this.#written(segment);
    const waiting = this.#waiting.get(segment) ?? [];
    if (waiting.length === 0) return written;
    const receipts = written.slice();
    for (const entry of waiting) hear(receipts, segment, entry, () => entry.note);
    return receipts;
  }

  /** Those in the file. Kept for a while: who sends events again does so by the thousand, one after the other. */
  async #written(segment: Segment): Promise<(Buffer | undefined)[]> {
    const usedAt = this.#o.clock.monotonic();
    if (this.#kept?.segment === segment) {
      this.#kept.usedAt = usedAt;
      return this.#kept.receipts;
    }
    const { disk, folder } = this.#o;
    const bytes = await io('reading a receipt', readIfThere(disk, journalPath(folder, segment.id)));
    const receipts: (Buffer | undefined)[] = [];
    if (bytes !== undefined)
      readSettlements(bytes, segment.id, (entry, note) => hear(receipts, segment, entry, note));
    this.#kept = { segment, receipts, usedAt };
    return receipts;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop.abort();
    await this.flush();
  }

  async #arm(): Promise<void> {
    if (this.#armed) return;
    this.#armed = true;
    await this.#o.clock.sleep(this.#o.everyMs, this.#stop.signal);
    this.#armed = false;
    await this.flush();
    if (this.#o.clock.monotonic() - (this.#kept?.usedAt ?? 0) > KEEP_MS) this.#kept = undefined;
    if (!this.#closed) this.#o.onFlushed();
  }

  async #write(segment: Segment, sync: boolean): Promise<void> {
    const entries = this.#waiting.get(segment) ?? [];
    // A lazy flush may have taken the entry that the caller wants durable: then only the sync is left to do.
    if (entries.length === 0 && !sync) return;
    const { bytes, count } = encodeAll(entries, segment);
    const file = await this.#o.disk.open(journalPath(this.#o.folder, segment.id), 'update');
    try {
      if (count > 0) await file.write(bytes, bytes.length, segment.journalBytes);
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
    if (sync) await this.#o.disk.syncDir(this.#o.folder.settled);
    this.#o.session.bytesWritten += bytes.length;
    segment.journalBytes += bytes.length;
    for (const entry of entries.splice(0, count))
      if (this.#kept?.segment === segment) hear(this.#kept.receipts, segment, entry, () => entry.note);
    this.#count -= count;
    if (entries.length === 0) this.#waiting.delete(segment);
  }

  #forgetOldest(): void {
    for (const [segment, list] of this.#waiting) {
      list.shift();
      this.#count -= 1;
      if (list.length === 0) this.#waiting.delete(segment);
      return;
    }
  }
}

/** A note takes the place of the one before it. */
function hear(
  receipts: (Buffer | undefined)[],
  segment: Segment,
  { offset, state }: Pick<Settlement, 'offset' | 'state'>,
  note: () => Buffer,
): void {
  const index = segment.indexAt(offset);
  if (index >= 0) receipts[index] = state === STATE.delivered ? note() : undefined;
}

function encodeAll(entries: readonly Settlement[], segment: Segment): { bytes: Buffer; count: number } {
  const parts: Buffer[] = [];
  let offset = segment.journalBytes;
  for (const entry of entries) {
    const part = encodeSettlement(entry, { segmentId: segment.id, offset });
    parts.push(part);
    offset += part.length;
  }
  return { bytes: Buffer.concat(parts), count: parts.length };
}

interface Applied {
  binding: boolean;
  receipts: readonly (Buffer | undefined)[];
  newest: { index: number; at: number } | undefined;
}

/**
 * Brings a segment that was just adopted to the state that its journal tells.
 * @returns `binding`: it tells of a step that a person asked for, which must be durable before anybody relies on it;
 * `receipts`: the note of each delivered record, by its index; `newest`: which of them was noted last, and when
 */
export async function applySettlements(
  o: { disk: Disk; folder: Folder },
  catalogue: Catalogue,
  segment: Segment,
): Promise<Applied> {
  const receipts: (Buffer | undefined)[] = [];
  const path = journalPath(o.folder, segment.id);
  if ((await o.disk.size(path)) === undefined) return { binding: false, receipts, newest: undefined };
  const bytes = await o.disk.readFile(path);
  let binding = false;
  let newest: Applied['newest'];
  segment.journalBytes = readSettlements(bytes, segment.id, ({ offset, state, at }, note) => {
    const index = segment.indexAt(offset);
    if (index < 0 || state >= STATE_COUNT) return;
    catalogue.setState({ segment, index }, state, at);
    receipts[index] = state === STATE.delivered ? note() : undefined;
    if (state === STATE.delivered && at >= (newest?.at ?? 0)) newest = { index, at };
    binding ||= state !== STATE.delivered;
  });
  return { binding, receipts, newest };
}

/** What was read may lie in the page cache only, left there by a process that was killed. */
export async function syncJournal(o: { disk: Disk; folder: Folder }, segment: Segment): Promise<void> {
  const file = await o.disk.open(journalPath(o.folder, segment.id), 'update');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

export interface SettleJournalOptions {
  disk: Disk;
  folder: Folder;
  clock: Clock;
  log: OutboxLog;
  session: { bytesWritten: number };
  everyMs: number;
  /** After each lazy flush: a good moment to look for segments to drop. */
  onFlushed: () => void;
}
