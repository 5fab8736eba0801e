import type { Clock } from '@scholar/runtime/clock';
import type { Acknowledged } from './acknowledged.ts';
import type { DeliveryNote, LastDelivery, OutboxLog, OutboxStats } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Disk } from './disk.ts';
import type { Finder } from './finder.ts';
import type { Folder } from './folder.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Intake } from './intake.ts';
import type { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Quarantine } from './quarantine.ts';
import type { RecordReader } from './record-reader.ts';
import type { Position, RecordState } from './segment.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { SettleJournal } from './settle-journal.ts';
import type { Space } from './space.ts';
import type { Steps } from './steps.ts';

/** What open.ts puts together and outbox.ts conducts. */
export interface Parts {
  disk: Disk;
  folder: Folder;
  clock: Clock;
  log: OutboxLog;
  catalogue: Catalogue;
  reader: RecordReader;
  finder: Finder;
  ledger: Ledger;
  letters: DeadLetters;
  quarantine: Quarantine;
  writer: SegmentWriter;
  commit: GroupCommit;
  intake: Intake;
  lanes: Lanes;
  journal: SettleJournal;
  space: Space;
  acknowledged: Acknowledged;
  steps: Steps;
  session: OutboxStats['session'];
  orphans: string[];
  missingSegments: number[];
  lastDelivery: LastDelivery | undefined;
  maxBytes: number;
  /** Why the disk is not trusted at the moment; undefined when it is. */
  failure: { detail: string | undefined; retrying: boolean };
  listeners: Set<() => void>;
  stop: AbortController;
  /** Tells delivery that something is queued. */
  wake: () => void;
  /** Changes a record's state and notes it in the journal. */
  moveTo: (position: Position, to: RecordState, note?: DeliveryNote) => void;
  unlock: () => Promise<void>;
}
