import type { EventState } from './api.ts';

/** How a caller should handle it: `full` and `io` pass by themselves, `caller` does not, `operator` needs a person. */
export type OutboxErrorHandling = 'full' | 'io' | 'caller' | 'operator';

/** The message of whatever was thrown. */
export const wordsOf = (error: unknown): string => (error as Error | undefined)?.message ?? String(error);

/** Every error of the outbox. `code` is API: a rename is a changelog line. */
export class OutboxError extends Error {
  readonly code: string;
  readonly handling: OutboxErrorHandling;

  constructor(o: { code: string; handling: OutboxErrorHandling; message: string; cause?: unknown }) {
    super(o.message, o.cause === undefined ? undefined : { cause: o.cause });
    this.name = new.target.name;
    this.code = o.code;
    this.handling = o.handling;
  }
}

/** The quota is used up by events that are still owed; nothing was written, nothing was evicted. Answer 507. */
export class OutboxFull extends OutboxError {
  readonly usedBytes: number;
  readonly maxBytes: number;

  constructor(o: { usedBytes: number; maxBytes: number }) {
    super({
      code: 'outbox_full',
      handling: 'full',
      message: `the outbox holds ${o.usedBytes} of ${o.maxBytes} bytes and evicts nothing: restore delivery, or raise OUTBOX_MAX_BYTES`,
    });
    this.usedBytes = o.usedBytes;
    this.maxBytes = o.maxBytes;
  }
}

/** The disk refused; the event is NOT promised. Answer 503; the outbox is unready until a write works again. */
export class OutboxFailed extends OutboxError {
  constructor(doing: string, cause: unknown) {
    super({
      code: 'outbox_failed',
      handling: 'io',
      message: `the disk failed while ${doing}: ${wordsOf(cause)}; nothing was promised, try again`,
      cause,
    });
  }
}

/** Runs work on the disk on behalf of a caller, who knows the errors of the outbox and not those of a disk. @throws OutboxFailed */
export async function io<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new OutboxFailed(doing, error);
  }
}

/** The id is already queued, retained or dead with other content. Answer 409. */
export class EventIdConflict extends OutboxError {
  readonly eventId: string;
  readonly state: EventState;

  constructor(eventId: string, state: EventState) {
    super({
      code: 'event_id_conflict',
      handling: 'caller',
      message: `event ${eventId} is already ${state} with other content: use a fresh id for a different event`,
    });
    this.eventId = eventId;
    this.state = state;
  }
}

/** No event with this id is queued, retained or dead. */
export class UnknownEvent extends OutboxError {
  constructor(eventId: string, wanted: string) {
    super({
      code: 'unknown_event',
      handling: 'caller',
      message: `no event ${eventId} that could be ${wanted}: it was never accepted here, or left after its retention`,
    });
  }
}

/** Another living process owns the folder. */
export class OutboxLocked extends OutboxError {
  constructor(dir: string, owner: string) {
    super({
      code: 'outbox_locked',
      handling: 'operator',
      message: `${dir} is in use by ${owner}: two forwarders must never share an outbox; stop that one, or give this one its own folder`,
    });
  }
}

/** Another process, which this one could not see, has taken the folder; nothing more is promised here. */
export class OutboxTakenOver extends OutboxError {
  constructor(dir: string) {
    super({
      code: 'outbox_taken_over',
      handling: 'operator',
      message: `${dir} was taken by another forwarder, of another pod perhaps: this one promises nothing more and should be stopped`,
    });
  }
}

/** A file was written by a release that this one cannot read. */
export class OutboxTooNew extends OutboxError {
  constructor(file: string, needs: number, knows: number) {
    super({
      code: 'outbox_too_new',
      handling: 'operator',
      message: `${file} needs outbox format ${needs}, this release reads up to ${knows}: run the release that wrote it, nothing was changed`,
    });
  }
}

/** Used after close(). */
export class OutboxClosed extends OutboxError {
  constructor() {
    super({
      code: 'outbox_closed',
      handling: 'io',
      message: 'the outbox is closed: the forwarder is stopping',
    });
  }
}
