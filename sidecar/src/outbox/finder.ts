import type { QueuedEvent } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import { EVENT_ID_BYTES, writeEventId } from './event-id.ts';
import { DamagedRecord, type RecordReader } from './record-reader.ts';
import type { Position } from './segment.ts';

export interface Found {
  position: Position;
  event: QueuedEvent;
}

/** Finds records by event id: asks the table, then reads the record to be sure. */
export class Finder {
  readonly #catalogue: Catalogue;
  readonly #reader: RecordReader;

  constructor(o: { catalogue: Catalogue; reader: RecordReader }) {
    this.#catalogue = o.catalogue;
    this.#reader = o.reader;
  }

  /** Places that may hold this id, newest first, without reading. */
  candidates(eventId: string): Position[] {
    const id = Buffer.allocUnsafe(EVENT_ID_BYTES);
    writeEventId(id, 0, eventId);
    return this.#catalogue.candidates(id);
  }

  /** All records of this id, newest first; damaged ones cannot be recognised and are left out. */
  async all(eventId: string): Promise<Found[]> {
    const found: Found[] = [];
    for (const position of this.candidates(eventId)) {
      const event = await this.#readIfThere(position);
      if (event?.eventId === eventId) found.push({ position, event });
    }
    return found;
  }

  async newest(eventId: string): Promise<Found | undefined> {
    for (const position of this.candidates(eventId)) {
      const event = await this.#readIfThere(position);
      if (event?.eventId === eventId) return { position, event };
    }
    return undefined;
  }

  async #readIfThere(position: Position): Promise<QueuedEvent | undefined> {
    try {
      return await this.#reader.read(position);
    } catch (error) {
      if (error instanceof DamagedRecord) return undefined;
      throw error;
    }
  }
}
