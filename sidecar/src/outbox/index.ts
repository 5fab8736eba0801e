/** @module The durable log of the forwarder. The promise, the format and its limits: sidecar/README.md. */

export type {
  AcknowledgedIds,
  AcknowledgedSets,
  Appended,
  Burial,
  DeadClass,
  DeadLetter,
  DeliveryNote,
  EventState,
  EventStatus,
  EventSummary,
  LastDelivery,
  LockOwner,
  NewEvent,
  Outbox,
  OutboxHealth,
  OutboxLog,
  OutboxOptions,
  OutboxStats,
  QueuedEvent,
} from './api.ts';
export type { DirEntry, Disk, DiskFile } from './disk.ts';
export type { Eraser, Erasure } from './erase-api.ts';
export {
  EventIdConflict,
  OutboxClosed,
  OutboxError,
  OutboxFailed,
  OutboxFull,
  OutboxLocked,
  OutboxTooNew,
  UnknownEvent,
} from './errors.ts';
export { nodeDisk } from './node-disk.ts';
export {
  listOutbox,
  type OutboxListing,
  type OutboxVerification,
  showEvent,
  verifyOutbox,
} from './offline.ts';
export { openOutbox } from './open.ts';
export { conserves, fatesOf, unaccounted } from './stats.ts';
