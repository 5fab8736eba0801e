import { crc32 } from 'node:zlib';
import type { Burial, DeadClass, DeadLetter } from './api.ts';
import type { Disk } from './disk.ts';
import { io } from './errors.ts';
import { type Folder, letterPath } from './folder.ts';
import { readIfThere } from './read-if-there.ts';
import { replaceFile } from './write-file.ts';

/** What is kept in memory of a dead letter. */
export interface LetterEntry {
  class: DeadClass;
  sequence: number;
  acceptedAt: number;
  buriedAt: number;
  bodyBytes: number;
  fileBytes: number;
}

/** One file per letter, meant to be read by people and by jq. */
export function encodeLetter(letter: DeadLetter): Buffer {
  const body = letter.body.toString('base64');
  const file = {
    format: 1,
    event_id: letter.eventId,
    class: letter.class,
    problem: letter.problem,
    attempts: letter.attempts ?? null,
    accepted_at: new Date(letter.acceptedAt).toISOString(),
    buried_at: new Date(letter.buriedAt).toISOString(),
    sequence: letter.sequence,
    headers: letter.headers,
    body_base64: body,
    body_crc32: crc32(letter.body),
  };
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
}

/** undefined: not a letter of ours, or damaged. */
export function decodeLetter(bytes: Buffer): DeadLetter | undefined {
  try {
    const file = JSON.parse(bytes.toString());
    const body = Buffer.from(file.body_base64, 'base64');
    if (crc32(body) !== file.body_crc32) return undefined;
    if (file.class !== 'contract' && file.class !== 'system') return undefined;
    return {
      eventId: file.event_id,
      class: file.class,
      problem: file.problem,
      ...(file.attempts === null ? {} : { attempts: file.attempts }),
      acceptedAt: Date.parse(file.accepted_at),
      buriedAt: Date.parse(file.buried_at),
      sequence: file.sequence,
      headers: file.headers,
      body,
    };
  } catch {
    return undefined;
  }
}

/**
 * The folder dead/. A letter enters by one durable rename and leaves only because a person discarded or replayed it;
 * starting up never removes one on its own account.
 */
export class DeadLetters {
  readonly #disk: Disk;
  readonly #folder: Folder;
  readonly #letters: Map<string, LetterEntry>;
  readonly #unsure = new Set<string>();
  readonly #removing = new Map<string, number>();
  bytes = 0;
  /** Letters whose event is durable in the log again, while the ledger does not say so yet; with the sequence of each. */
  readonly #moving = new Map<string, number>();

  constructor(o: { disk: Disk; folder: Folder; letters: Map<string, LetterEntry> }) {
    this.#disk = o.disk;
    this.#folder = o.folder;
    this.#letters = o.letters;
    for (const entry of o.letters.values()) this.bytes += entry.fileBytes;
  }

  get entries(): ReadonlyMap<string, LetterEntry> {
    return this.#letters;
  }

  has(eventId: string): boolean {
    return this.#letters.has(eventId);
  }

  count(wanted: DeadClass): number {
    let sum = 0;
    for (const entry of this.#letters.values()) if (entry.class === wanted) sum += 1;
    return sum;
  }

  get moving(): ReadonlyMap<string, number> {
    return this.#moving;
  }

  /** Its event is in the log again: the letter no longer counts, and is to be closed. */
  startMoving(eventId: string): void {
    this.#moving.set(eventId, this.#letters.get(eventId)?.sequence ?? 0);
    this.forget(eventId);
  }

  /** The ledger says so. */
  moved(eventId: string): void {
    this.#moving.delete(eventId);
  }

  /** `then` runs in the same instant as the letter shows. */
  async put(event: Omit<DeadLetter, keyof Burial>, burial: Burial, then: () => void): Promise<void> {
    const letter = { ...event, ...burial };
    const bytes = encodeLetter(letter);
    try {
      await replaceFile(this.#disk, letterPath(this.#folder, event.eventId), bytes);
    } catch (error) {
      await this.#takeBack(event.eventId);
      throw error;
    }
    this.#unsure.delete(event.eventId);
    this.forget(event.eventId);
    this.#removing.delete(event.eventId);
    this.bytes += bytes.length;
    this.#letters.set(event.eventId, entryOf(letter, bytes.length));
    then();
  }

  /** Replaces what a letter holds of its event. @throws the disk's error; then the letter is as it was */
  async rewrite(letter: DeadLetter): Promise<void> {
    const bytes = encodeLetter(letter);
    await replaceFile(this.#disk, letterPath(this.#folder, letter.eventId), bytes);
    this.bytes += bytes.length - (this.#letters.get(letter.eventId)?.fileBytes ?? 0);
    this.#letters.set(letter.eventId, entryOf(letter, bytes.length));
  }

  /** A burial failed half-way, and its file may be there all the same: before the event is given up it must go. */
  async clear(eventId: string): Promise<void> {
    if (this.#unsure.has(eventId)) await this.#remove(eventId);
  }

  async #takeBack(eventId: string): Promise<void> {
    this.#unsure.add(eventId);
    await this.#remove(eventId).catch(() => undefined);
  }

  async #remove(eventId: string): Promise<void> {
    await this.#disk.unlink(letterPath(this.#folder, eventId));
    await this.#disk.syncDir(this.#folder.dead);
    this.#unsure.delete(eventId);
  }

  /** @throws OutboxFailed */
  async read(eventId: string): Promise<DeadLetter | undefined> {
    if (!this.#letters.has(eventId)) return undefined;
    const path = letterPath(this.#folder, eventId);
    const bytes = await io('reading a dead letter', readIfThere(this.#disk, path));
    return bytes && decodeLetter(bytes);
  }

  /** No longer counts, although its file may still be there. */
  forget(eventId: string): void {
    const entry = this.#letters.get(eventId);
    if (entry === undefined) return;
    this.bytes -= entry.fileBytes;
    this.#letters.delete(eventId);
    this.#removing.set(eventId, entry.sequence);
  }

  /** Is the file of a forgotten letter still to be removed? */
  isRemoving(eventId: string, sequence: number): boolean {
    return this.#removing.get(eventId) === sequence;
  }

  async remove(eventId: string): Promise<void> {
    this.forget(eventId);
    await this.#remove(eventId);
    this.#removing.delete(eventId);
  }
}

export const entryOf = (letter: DeadLetter, fileBytes: number): LetterEntry => ({
  class: letter.class,
  sequence: letter.sequence,
  acceptedAt: letter.acceptedAt,
  buriedAt: letter.buriedAt,
  bodyBytes: letter.body.length,
  fileBytes,
});
