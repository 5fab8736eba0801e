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

/** What became of every event that was ever appended; `missing` are dead letters that a hand removed. */
export const fatesOf = ({ totals, depth, dead }: OutboxStats) => ({
  appended: totals.appended,
  delivered: totals.delivered,
  queued: depth,
  dead: dead.contract + dead.system,
  discarded: totals.discarded,
  quarantined: totals.quarantined,
  missing: totals.deadMissing,
});

/** Events of which nothing is known; 0, always. */
export function unaccounted(stats: OutboxStats): number {
  const { appended, ...fates } = fatesOf(stats);
  return appended - Object.values(fates).reduce((sum, count) => sum + count, 0);
}

/** appended = delivered + queued + dead + discarded, plus what the disk or a hand took away. */
export const conserves = (stats: OutboxStats): boolean => unaccounted(stats) === 0;
