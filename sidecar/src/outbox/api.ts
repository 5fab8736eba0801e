import type { Clock } from '@scholar/runtime/clock';
import type { Disk } from './disk.ts';
import type { Eraser, Erasure } from './erase-api.ts';

/**
 * `queued` owes a delivery · `delivered` has its receipt and is retained for replay · `dead` lies in dead/ ·
 * `discarded` was given up by an operator · `quarantined` could not be read back from the disk.
 */
export type EventState = 'queued' | 'delivered' | 'dead' | 'discarded' | 'quarantined';

/** `contract` = the event itself is at fault; `system` = something between us and A8 is. */
export type DeadClass = 'contract' | 'system';

export interface NewEvent {
  /** uuid in any letter case; kept in lower case. */
  eventId: string;
  /** What to send, less the authorization (refused here: a key is never written to disk). Names in lower case. */
  headers: Record<string, string>;
  /** The exact bytes to send. The outbox keeps a reference: do not change them afterwards. */
  body: Buffer;
}

export interface Appended {
  outcome: 'appended' | 'duplicate';
  /** Of the event as it now is; always `queued` when just appended. */
  state: EventState;
  /** When the first copy was accepted, ms since the epoch. */
  acceptedAt: number;
}

/** An event handed out for delivery; leased until settle, bury, discard or release. */
export interface QueuedEvent {
  eventId: string;
  headers: Record<string, string>;
  body: Buffer;
  /** ms since the epoch */
  acceptedAt: number;
  /** Rises by one with each accepted event; order of acceptance. */
  sequence: number;
}

/** What is kept of A8's receipt beside a delivered event. */
export interface DeliveryNote {
  requestId: string;
  /** ISO-8601, A8's clock */
  receivedAt: string;
  duplicate: boolean;
  /** our clock, ms since the epoch */
  deliveredAt: number;
  /** request sent to receipt read, ms */
  writeMs: number;
  retries: number;
  /** The row is that of our own first delivery: its id is in the set of what A8 has acknowledged. */
  own?: boolean;
}

/** What A8 has acknowledged; minutes are those of `received_at`, counted since the epoch. */
export interface AcknowledgedSets {
  /** From this minute on nothing is missing. */
  since: number;
  minutes: { minute: number; count: number; sum: bigint }[];
}

export interface AcknowledgedIds {
  /** Ascending; each can be replayed. */
  eventIds: string[];
  /** In the set, too, but their segments are gone. */
  notRetained: number;
}

/** A delivery with its receipt. */
export interface LastDelivery {
  eventId: string;
  note: DeliveryNote;
}

export interface Burial {
  class: DeadClass;
  /** The problem document, kept word for word. */
  problem: unknown;
  attempts?: number;
}

export interface DeadLetter extends Burial {
  eventId: string;
  headers: Record<string, string>;
  body: Buffer;
  acceptedAt: number;
  /** ms since the epoch */
  buriedAt: number;
  sequence: number;
}

/** The state of one event, for GET /events/{id}. */
export interface EventStatus {
  eventId: string;
  state: EventState;
  acceptedAt: number;
  /** Handed out for delivery at this moment. */
  inFlight: boolean;
  /** Only when delivered. */
  delivery?: DeliveryNote;
  /** Only when dead. */
  burial?: Burial & { buriedAt: number };
}

export interface EventSummary {
  eventId: string;
  state: EventState;
  acceptedAt: number;
  /** Body bytes. */
  bytes: number;
  class?: DeadClass;
}

export interface OutboxStats {
  /** Events that owe a delivery, leased ones included, and their bytes on disk. */
  depth: number;
  bytes: number;
  inFlight: number;
  /** ms since the epoch; undefined when nothing is queued */
  oldestAcceptedAt: number | undefined;
  dead: { contract: number; system: number };
  /**
   * Over the whole life of the folder. Always:
   * appended = delivered + depth + dead.contract + dead.system + discarded + quarantined + deadMissing.
   * The last two are 0 unless the disk or a hand changed our files.
   */
  totals: {
    appended: number;
    delivered: number;
    discarded: number;
    /** Counted events whose record could not be read back. */
    quarantined: number;
    /** Dead letters whose file was removed by hand. */
    deadMissing: number;
  };
  /** Damaged ranges kept under quarantine/, newest last. */
  quarantine: { records: number; bytes: number; files: string[] };
  /** Files in the folder that are not ours, relative paths; never touched. */
  orphans: string[];
  /** Segments that must have existed and are gone; their events cannot be named. */
  missingSegments: number[];
  quota: { usedBytes: number; maxBytes: number; retainedBytes: number };
  segments: number;
  /** Since this process opened the folder. */
  session: { syncs: number; bytesWritten: number; failedBatches: number; tornBytes: number };
}

export interface OutboxHealth {
  ok: boolean;
  /** Why not: the last disk error, in words. */
  detail?: string;
}

export interface Outbox {
  /**
   * Resolves once the event is on disk behind a sync (one sync serves everybody who waited).
   * Same id with the same content: `duplicate`, no second record, and only once the first is durable.
   * @throws OutboxFull, OutboxFailed, EventIdConflict, OutboxClosed; TypeError on a header that must not or cannot be stored
   */
  append(event: NewEvent): Promise<Appended>;
  /** The freshest lane: events accepted lately whose bytes are still in memory, oldest of them first. Never reads the disk. Leases them. */
  takeNew(limit: number): QueuedEvent[];
  /** Everything else that is queued, oldest first, read in large chunks. Leases them. Fewer than `limit` means: no more now. */
  takeBacklog(limit: number): Promise<QueuedEvent[]>;
  /** Gives leased events back unharmed (retry later, hold, stop); the backlog lane will hand them out again. Unknown ids are ignored. */
  release(eventIds: readonly string[]): void;
  /** A8 has committed a leased event. Recorded lazily: losing the note only sends the event again. */
  settle(eventId: string, note: DeliveryNote): void;
  /** Moves a leased event to dead/. Resolves when the letter is durable; until then it stays queued. */
  bury(eventId: string, burial: Burial): Promise<void>;
  /** Gives up a queued or dead event, durably. One that is in flight may still reach A8; it is delivered then. @throws UnknownEvent, OutboxFailed */
  discard(eventId: string): Promise<void>;
  /**
   * Queues a dead or a retained delivered event again, durably. Without `as` the same id and bytes;
   * with `as` other bytes under a fresh id (the dead original is then closed as discarded).
   * @throws UnknownEvent, EventIdConflict (fresh id in use), OutboxFull, OutboxFailed
   */
  replay(eventId: string, as?: NewEvent): Promise<{ eventId: string }>;
  /** undefined: never accepted here, or gone after its retention. */
  get(eventId: string): Promise<EventStatus | undefined>;
  /** The bytes of an event that is queued, retained or dead; for show and for replay with a patch. */
  read(eventId: string): Promise<QueuedEvent | undefined>;
  deadLetter(eventId: string): Promise<DeadLetter | undefined>;
  /** Oldest first. */
  list(query: { state: 'queued' | 'delivered' | 'dead'; limit: number }): Promise<EventSummary[]>;
  /** Stable as long as the folder is; a new folder has a new one. Told to A8 with each event. */
  readonly forwarderId: string;
  /** What was noted last before this start; undefined when nothing is retained that was delivered. */
  readonly lastDelivery: LastDelivery | undefined;
  /** The ids whose row came from here, by minute; over restarts, each once. */
  acknowledged(): AcknowledgedSets;
  /** @throws OutboxFailed */
  acknowledgedIds(minute: number): Promise<AcknowledgedIds>;
  /**
   * Takes the content of one actor's events out of everything that is kept, or only counts (`dryRun`). Nothing leaves the
   * queue for it, unless nothing deliverable is left of an event: then it is discarded. @throws OutboxFailed, OutboxClosed
   */
  erase(eraser: Eraser, options: { dryRun: boolean }): Promise<Erasure>;
  stats(): OutboxStats;
  health(): OutboxHealth;
  /** Called after each durable batch (there is something in the new lane) and after a replay. Returns the unsubscriber. */
  onQueued(listener: () => void): () => void;
  /** Stops accepting, waits for the batch under way, writes what is lazily kept, syncs, gives the lock back. */
  close(): Promise<void>;
}

/** The part of a logger that the outbox needs (pino fits). */
export interface OutboxLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Who holds the lock, and whether an earlier holder still lives; parameters because a simulated crash has no process to ask. */
export interface LockOwner {
  pid: number;
  /** Tells a recycled pid from the same process. */
  startedAt: string;
  boot: string;
  /** Tells processes of two pods apart, whose other fields may be equal. */
  nonce?: string;
}

export interface OutboxOptions {
  dir: string;
  /** What people recognise the forwarder id of a new folder by; default `outbox`. */
  name?: string;
  clock: Clock;
  disk?: Disk;
  /** Uniform in [0, 1); default Math.random. Salts only, no secret. */
  random?: () => number;
  log?: OutboxLog;
  /** Everything in the folder together; default 1 GiB. */
  maxBytes?: number;
  /** Delivered events are kept for replay up to so many bytes (default 256 MiB) and so long (default 24 h). */
  retainBytes?: number;
  retainMs?: number;
  /** A segment is closed once it has passed this size; default 16 MiB, at most maxBytes / 8. */
  segmentBytes?: number;
  /** One sync carries at most so many bytes; default 1 MiB. */
  batchBytes?: number;
  /** Bodies of fresh events kept in memory for delivery; default 8 MiB. */
  freshBytes?: number;
  /** Settlements are written at least this often; default 100 ms. */
  settleEveryMs?: number;
  /** Do two bodies under one id mean the same event? Default: equal bytes. */
  sameContent?: (stored: Buffer, offered: Buffer) => boolean;
  owner?: LockOwner;
  isAlive?: (owner: LockOwner) => boolean;
}
