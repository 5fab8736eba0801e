import { Acknowledged } from './acknowledged.ts';
import type { DeliveryNote, Outbox, OutboxLog, OutboxOptions, OutboxStats, QueuedEvent } from './api.ts';
import { removeDrafts } from './erase-segment.ts';
import { io, wordsOf } from './errors.ts';
import { type Folder, folderAt } from './folder.ts';
import { GroupCommit } from './group-commit.ts';
import { identify } from './identity.ts';
import { type Arrival, Intake } from './intake.ts';
import { Lanes } from './lanes.ts';
import { isProcessAlive, type Lock, takeLock, thisProcess } from './lock.ts';
import { makeFolders } from './make-folders.ts';
import { nodeDisk } from './node-disk.ts';
import { LogOutbox } from './outbox.ts';
import type { Parts } from './parts.ts';
import { encodeNote } from './receipt-note.ts';
import type { DamagedRecord } from './record-reader.ts';
import { type Recovered, recover } from './recovery.ts';
import { type Position, type RecordState, STATE } from './segment.ts';
import { SegmentWriter } from './segment-writer.ts';
import { SettleJournal } from './settle-journal.ts';
import { Space } from './space.ts';
import { Steps } from './steps.ts';

const MIB = 1024 * 1024;
/** How long after a failed write the disk is tried again by itself, ms; each append tries it too. */
const RETRY_MS = 1000;

const silent: OutboxLog = { info: () => {}, warn: () => {}, error: () => {} };

function withDefaults(options: OutboxOptions) {
  const maxBytes = options.maxBytes ?? 1024 * MIB;
  return {
    name: 'outbox',
    disk: nodeDisk,
    random: Math.random,
    log: silent,
    retainBytes: 256 * MIB,
    retainMs: 24 * 60 * 60 * 1000,
    batchBytes: MIB,
    freshBytes: 8 * MIB,
    settleEveryMs: 100,
    sameContent: (stored: Buffer, offered: Buffer): boolean => stored.equals(offered),
    owner: thisProcess(),
    isAlive: isProcessAlive,
    ...options,
    maxBytes,
    // With fewer than eight segments the quota could hardly free anything before it refuses.
    segmentBytes: Math.max(1, Math.min(options.segmentBytes ?? 16 * MIB, Math.floor(maxBytes / 8))),
  };
}
type Settings = ReturnType<typeof withDefaults>;

/**
 * Takes the lock, recovers what a crash left, and answers an outbox that is ready to append.
 * @throws OutboxLocked, OutboxTooNew, or the disk's own error when the folder cannot be used
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const o = withDefaults(options);
  const folder = folderAt(o.dir);
  await makeFolders(o.disk, folder);
  const lock = await takeLock({ ...o, folder });
  try {
    await removeDrafts(o.disk, folder);
    const session = { syncs: 0, bytesWritten: 0, failedBatches: 0, tornBytes: 0 };
    const seed = Math.floor(o.random() * 0x1_0000_0000);
    const recovered = await recover({ ...o, folder, session, seed });
    await identify(recovered.ledger, o);
    report(o.log, recovered);
    const parts = assemble(o, { folder, session, recovered, lock });
    // Proves that the disk takes writes before anybody is told that we are ready.
    await parts.writer.ensureOpen();
    return new LogOutbox(parts);
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

function report(log: OutboxLog, { orphans, missingSegments, quarantine }: Recovered): void {
  if (orphans.length > 0)
    log.warn({ files: orphans }, 'files in the outbox that are not ours: left as they are');
  if (missingSegments.length > 0) {
    log.error(
      { segments: missingSegments },
      'segments of the outbox are gone: their events are lost unless A8 has them',
    );
  }
  const { files } = quarantine.summary;
  if (files.length > 0) log.warn({ files }, 'damaged stretches of the outbox lie in quarantine');
}

interface Opened {
  folder: Folder;
  session: OutboxStats['session'];
  recovered: Recovered;
  lock: Lock;
}

function assemble(o: Settings, opened: Opened): Parts {
  const { folder, session, recovered, lock } = opened;
  const { catalogue, finder, letters, reader } = recovered;
  const base = { ...o, ...recovered, folder, session, unlock: lock.release };
  const failure: Parts['failure'] = { detail: undefined, retrying: false };
  const listeners = new Set<() => void>();
  const stop = new AbortController();
  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  const journal = new SettleJournal({
    ...base,
    everyMs: o.settleEveryMs,
    onFlushed: () => void tidyQuietly(),
  });
  const moveTo = (position: Position, to: RecordState, note?: DeliveryNote): void => {
    const at = o.clock.now();
    catalogue.setState(position, to, at);
    journal.note(position, { state: to, at, ...(note === undefined ? {} : { note: encodeNote(note) }) });
  };
  const acknowledged = new Acknowledged({ ...base, journal });
  const space = new Space({ ...base, journal });
  const tidyQuietly = (needBytes = 0): Promise<void> =>
    space
      .tidy(needBytes)
      .catch((error: unknown) =>
        o.log.warn({ err: error }, 'could not drop settled segments; will try again'),
      );
  const writer = new SegmentWriter({ ...base, onReplayed: (eventId) => letters.startMoving(eventId) });
  const onDamage = (damage: DamagedRecord): Promise<void> => quarantineRecord({ ...base, moveTo }, damage);
  const lanes = new Lanes({ catalogue, reader, freshBytes: o.freshBytes, onDamage });
  const commit = new GroupCommit({
    write: async (records) => {
      const positions = await writer.write(records);
      await lock.stillOurs();
      return positions;
    },
    batchBytes: o.batchBytes,
    onDurable: (records, positions) => {
      failure.detail = undefined;
      admit(lanes, records as readonly Arrival[], positions);
      space.recount();
      wake();
    },
    onFailure: (error) => {
      failure.detail = `the last write failed: ${wordsOf(error)}`;
      o.log.error(
        { err: error },
        'the outbox could not write a batch; its events were refused, none was promised',
      );
      // Somebody else may have filled the disk: what is kept only for replay goes first.
      if (isDiskFull(error)) void tidyQuietly(o.maxBytes);
      void tryAgain({ commit, writer, failure, stop, clock: o.clock });
    },
  });
  const makeRoom = async (bytes: number): Promise<void> => {
    await io('making room', space.tidy(bytes));
    const active = writer.active;
    if (space.fits(bytes) || active === undefined || active.count === 0 || active.queued > 0) return;
    await io(
      'making room',
      commit.between(() => writer.seal()),
    );
    await io('making room', space.tidy(bytes));
  };
  const leased = (id: string): QueuedEvent | undefined => lanes.lease(id)?.event;
  const steps = new Steps();
  const intake = new Intake({
    commit,
    finder,
    letters,
    space,
    maxBytes: o.maxBytes,
    sameContent: o.sameContent,
    leased,
    isOccupied: (id) => steps.isOccupied(id),
    unoccupied: (id) => steps.unoccupied(id),
    makeRoom,
  });
  return {
    ...base,
    writer,
    commit,
    intake,
    lanes,
    journal,
    space,
    acknowledged,
    steps,
    failure,
    listeners,
    stop,
    wake,
    moveTo,
  };
}

/** What has just become durable enters the new lane. */
function admit(lanes: Lanes, arrivals: readonly Arrival[], positions: readonly Position[]): void {
  positions.forEach((position, i) => {
    const arrival = arrivals[i];
    if (arrival === undefined) return;
    const { eventId, headers, body, acceptedAt, sequence } = arrival;
    lanes.admit(position, { eventId, headers, body, acceptedAt, sequence });
  });
}

/** A record that cannot be read back leaves the queue, or it would hold up everything behind it. */
async function quarantineRecord(
  o: Pick<Parts, 'quarantine' | 'clock' | 'log' | 'catalogue' | 'moveTo'>,
  damage: DamagedRecord,
): Promise<void> {
  const { position, bytes } = damage;
  const at = o.clock.now();
  const [segmentId, offset] = [position.segment.id, position.segment.offset(position.index)];
  // A read error may pass: such a record is out of the queue only until the next start, which reads it again.
  if (damage.cause === undefined) o.moveTo(position, STATE.quarantined);
  else {
    o.catalogue.setState(position, STATE.quarantined, at);
    position.segment.unreadable += 1;
  }
  try {
    const file = await o.quarantine.keep({ segmentId, offset, bytes, reason: damage.message, at });
    o.log.error({ file }, 'a queued event cannot be read back; it is kept in quarantine, the others go on');
  } catch (error) {
    o.log.error(
      { err: error, segment: segmentId, offset },
      'a queued event cannot be read back, nor copied to quarantine',
    );
  }
}

/** Until a segment could be opened, or an append did it. One such loop at a time. */
async function tryAgain(o: Pick<Parts, 'commit' | 'writer' | 'failure' | 'stop' | 'clock'>): Promise<void> {
  if (o.failure.retrying) return;
  o.failure.retrying = true;
  while (o.failure.detail !== undefined && !o.stop.signal.aborted) {
    await o.clock.sleep(RETRY_MS, o.stop.signal);
    if (o.stop.signal.aborted) break;
    try {
      await o.commit.between(() => o.writer.ensureOpen());
      o.failure.detail = undefined;
    } catch (error) {
      o.failure.detail = `the disk does not take a new segment: ${wordsOf(error)}`;
    }
  }
  o.failure.retrying = false;
}

const isDiskFull = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOSPC';
