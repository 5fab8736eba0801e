import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { type Folder, quarantineName } from './folder.ts';
import { replaceFile } from './write-file.ts';

export interface Damage {
  segmentId: number;
  offset: number;
  bytes: Buffer;
  reason: string;
  /** ms since the epoch */
  at: number;
  /** Known when an index still names the record. */
  eventId?: string;
}

/** Keeps damaged bytes and says so. The originals stay where they are; nothing here is ever removed by us. */
export class Quarantine {
  readonly #disk: Disk;
  readonly #folder: Folder;
  readonly #files: Map<string, number>;

  /** `files`: what lies there already, with sizes. */
  constructor(o: { disk: Disk; folder: Folder; files: Map<string, number> }) {
    this.#disk = o.disk;
    this.#folder = o.folder;
    this.#files = o.files;
  }

  get summary(): { records: number; bytes: number; files: string[] } {
    let bytes = 0;
    for (const size of this.#files.values()) bytes += size;
    return { records: this.#files.size, bytes, files: [...this.#files.keys()] };
  }

  /** Idempotent for one place of one segment. */
  async keep(damage: Damage): Promise<string> {
    const name = quarantineName(damage.segmentId, damage.offset);
    const file = `quarantine/${name}.bin`;
    if (this.#files.has(file)) return file;
    const report = {
      segment: damage.segmentId,
      offset: damage.offset,
      bytes: damage.bytes.length,
      reason: damage.reason,
      event_id: damage.eventId ?? null,
      found_at: new Date(damage.at).toISOString(),
    };
    await this.#disk.mkdir(this.#folder.quarantine);
    await replaceFile(this.#disk, join(this.#folder.quarantine, `${name}.bin`), damage.bytes);
    const text = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
    await replaceFile(this.#disk, join(this.#folder.quarantine, `${name}.json`), text);
    this.#files.set(file, damage.bytes.length);
    return file;
  }
}
