import type { OutboxStats } from './api.ts';
import type { Parts } from './parts.ts';
import { expectedLetters } from './reconcile.ts';
import { STATE } from './segment.ts';

/** One consistent view: everything here changes in single instants, so the totals always add up. */
export function describeOutbox(p: Parts): OutboxStats {
  const { catalogue, ledger, letters, lanes, space } = p;
  const { dropped, deadDiscarded } = ledger.data;
  const oldest = catalogue.oldestQueued();
  return {
    depth: catalogue.count(STATE.queued),
    bytes: catalogue.queuedBytes,
    inFlight: lanes.inFlight,
    oldestAcceptedAt: oldest?.segment.acceptedAt(oldest.index),
    dead: { contract: letters.count('contract'), system: letters.count('system') },
    totals: {
      appended: dropped.appended + catalogue.appended,
      delivered: dropped.delivered + catalogue.count(STATE.delivered),
      discarded: dropped.discarded + catalogue.count(STATE.discarded) + deadDiscarded,
      quarantined: dropped.quarantined + catalogue.count(STATE.quarantined),
      deadMissing: expectedLetters(p) - letters.entries.size,
    },
    quarantine: p.quarantine.summary,
    orphans: p.orphans,
    missingSegments: p.missingSegments,
    quota: { usedBytes: space.usedBytes, maxBytes: p.maxBytes, retainedBytes: space.retainedBytes },
    segments: catalogue.segments.length,
    session: { ...p.session },
  };
}

/** appended = delivered + queued + dead + discarded, plus what the disk or a hand took away. */
export const conserves = ({ totals, depth, dead }: OutboxStats): boolean =>
  totals.appended ===
  totals.delivered +
    depth +
    dead.contract +
    dead.system +
    totals.discarded +
    totals.quarantined +
    totals.deadMissing;
