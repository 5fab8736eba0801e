import type { MeasuredCell, ScalingResult, Sizes } from './result.ts';

/** Measured, an event. */
export type PerEvent = {
  hubCpuUs: number;
  hubLoopUs: number;
  postgresCpuUs: number;
  /** Without whole pages, which depend on the size of the index. */
  walBytes: number;
  tableBytes: number;
  primaryKeyBytes: number;
  requestBytes: number;
  answerBytes: number;
  toDatabaseBytes: number;
};

/** Not measured: what we assume of a machine in production, each named in docs/SCALING.md. */
export const ASSUMPTIONS = {
  /** A core, an event loop or a disk is planned to this share of what it can do. */
  utilisation: 0.6,
  /** A PostgreSQL machine: cores, memory for the unique index, and what its disk syncs steadily. */
  databaseCores: 16,
  indexMemoryBytes: 128e9,
  walBytesPerSecond: 200e6,
  checkpointSeconds: 300,
  retentionDays: 30,
  /** Each shard and one synchronous standby. */
  copies: 2,
  /** What a forwarder may have in flight, and the time of a write under load. Seconds. */
  forwarderWindow: 32,
  writeSeconds: 0.015,
} as const;

export type Assumptions = { readonly [name in keyof typeof ASSUMPTIONS]: number };

const PAGE_BYTES = 8_192;
/** An entry of a B-tree over uuid: 16 bytes of key, 8 of header, 4 of line pointer (PostgreSQL, "B-Tree Indexes"). */
const UUID_ENTRY_BYTES = 28;
const DAY_S = 86_400;

/**
 * Bytes of whole pages of the unique index in the WAL, an event. Random ids hit random leaf pages; the first hit after
 * a checkpoint writes the page. Of p pages, n hits touch p(1 - e^(-n/p)). A page's free space is not written.
 */
export function fullPageBytes(input: {
  rows: number;
  primaryKeyBytes: number;
  eventsPerCheckpoint: number;
}): number {
  const { rows, primaryKeyBytes, eventsPerCheckpoint } = input;
  if (rows === 0 || eventsPerCheckpoint === 0) return 0;
  const pages = Math.max(1, (rows * primaryKeyBytes) / PAGE_BYTES);
  const touched = pages * (1 - Math.exp(-eventsPerCheckpoint / pages));
  const image = PAGE_BYTES * Math.min(1, UUID_ENTRY_BYTES / primaryKeyBytes);
  return (touched * image) / eventsPerCheckpoint;
}

export type Sizing = {
  eventsPerSecond: number;
  hubCores: number;
  hubReplicas: number;
  postgresCores: number;
  rowsKept: number;
  primaryKeyBytes: number;
  walBytesPerEvent: number;
  walBytesPerSecond: number;
  tableBytesPerDay: number;
  keptBytes: number;
  /** Into A8 and out of it to PostgreSQL, without TCP and IP. Bits a second. */
  intoHubBits: number;
  toDatabaseBits: number;
  forwarders: number;
  /** PostgreSQL machines, by what each limit alone asks for. */
  shards: { byCpu: number; byWal: number; byIndexMemory: number };
};

/** What a steady rate takes. Pure; every line is one step of docs/SCALING.md. */
export function sizeFor(eventsPerSecond: number, per: PerEvent, assume: Assumptions = ASSUMPTIONS): Sizing {
  const { utilisation } = assume;
  const rowsKept = eventsPerSecond * DAY_S * assume.retentionDays;
  const primaryKeyBytes = rowsKept * per.primaryKeyBytes;
  // Rows and events of a shard shrink alike, so the share of pages that is touched does not depend on the shards.
  const pages = fullPageBytes({
    rows: rowsKept,
    primaryKeyBytes: per.primaryKeyBytes,
    eventsPerCheckpoint: eventsPerSecond * assume.checkpointSeconds,
  });
  const walBytesPerEvent = per.walBytes + pages;
  const postgresCores = (eventsPerSecond * per.postgresCpuUs) / 1e6 / utilisation;
  const tableBytesPerDay = eventsPerSecond * DAY_S * per.tableBytes;
  return {
    eventsPerSecond,
    hubCores: (eventsPerSecond * per.hubCpuUs) / 1e6 / utilisation,
    hubReplicas: Math.ceil((eventsPerSecond * per.hubLoopUs) / 1e6 / utilisation),
    postgresCores,
    rowsKept,
    primaryKeyBytes,
    walBytesPerEvent,
    walBytesPerSecond: eventsPerSecond * walBytesPerEvent,
    tableBytesPerDay,
    keptBytes: tableBytesPerDay * assume.retentionDays * assume.copies,
    intoHubBits: eventsPerSecond * (per.requestBytes + per.answerBytes) * 8,
    toDatabaseBits: eventsPerSecond * per.toDatabaseBytes * 8,
    forwarders: Math.ceil((eventsPerSecond * assume.writeSeconds) / assume.forwarderWindow),
    shards: {
      byCpu: Math.ceil(postgresCores / assume.databaseCores),
      byWal: Math.ceil((eventsPerSecond * walBytesPerEvent) / (assume.walBytesPerSecond * utilisation)),
      byIndexMemory: Math.ceil(primaryKeyBytes / assume.indexMemoryBytes),
    },
  };
}

/** The rate at which one PostgreSQL reaches a limit, and how many rows fit while its unique index is in memory. */
export function limitsOfOne(per: PerEvent, assume: Assumptions = ASSUMPTIONS) {
  const { utilisation } = assume;
  return {
    byCpu: (assume.databaseCores * utilisation * 1e6) / per.postgresCpuUs,
    byWal: (assume.walBytesPerSecond * utilisation) / per.walBytes,
    rowsInMemory: assume.indexMemoryBytes / per.primaryKeyBytes,
    hubReplica: (utilisation * 1e6) / per.hubLoopUs,
  };
}

/** What goes into the arithmetic: forwarders over one replica, a table with rows. */
export function perEventOf(result: ScalingResult): PerEvent {
  const cell = filledCell(result);
  const sizes = result.sizes.atEnd;
  return {
    hubCpuUs: cell.median.hubCpuUs,
    hubLoopUs: cell.median.hubLoopUs,
    postgresCpuUs: cell.median.postgresCpuUs,
    walBytes: cell.median.walBytes - cell.median.fullPageBytes,
    tableBytes: totalBytes(sizes) / sizes.rows,
    primaryKeyBytes: sizes.primaryKeyBytes / sizes.rows,
    requestBytes: result.wire.requestBytes,
    answerBytes: result.wire.answerBytes,
    toDatabaseBytes: result.wire.toDatabaseBytes,
  };
}

export function filledCell({ cells }: Pick<ScalingResult, 'cells'>): MeasuredCell {
  const found = cells.find(({ window, replicas, prefilled }) => window > 1 && replicas === 1 && prefilled);
  if (found === undefined) throw new Error('the cell with one replica and a filled table was not measured');
  return found;
}

export function totalBytes(sizes: Sizes): number {
  const { heapBytes, primaryKeyBytes, cursorIndexBytes, timeIndexBytes, otherBytes } = sizes;
  return heapBytes + primaryKeyBytes + cursorIndexBytes + timeIndexBytes + otherBytes;
}
