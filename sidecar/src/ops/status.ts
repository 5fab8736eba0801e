import type { Clock } from '@scholar/runtime/clock';
import type { Delivery } from '../delivery/delivery.ts';
import type { Ledger } from '../delivery/ledger.ts';
import type { RecentCount } from '../intake/recent-count.ts';
import { type Outbox, unaccounted } from '../outbox/index.ts';

export type StatusDeps = {
  label: string;
  outbox: Pick<Outbox, 'stats' | 'forwarderId'>;
  delivery: Delivery;
  ledger: Ledger;
  refusedPii: Pick<RecentCount, 'lastHour'>;
  clock: Clock;
};

/** `GET /status`: the queue, the hold, and the last receipt, at this moment. Ages in seconds, times ISO-8601. */
export function forwarderStatus(deps: StatusDeps) {
  const { label, outbox, delivery, ledger, refusedPii, clock } = deps;
  const stats = outbox.stats();
  const nowMs = clock.now();
  const wall = (monotonicMs: number) => new Date(nowMs + monotonicMs - clock.monotonic()).toISOString();
  const { hold, notBeforeMs } = delivery.machine;
  const nextAttemptMs = stats.depth > 0 ? delivery.nextAttemptMs : undefined;
  return {
    label,
    forwarder_id: outbox.forwarderId,
    state: delivery.machine.state,
    hold: hold
      ? {
          reason: hold.reason,
          detail: hold.detail,
          since: wall(hold.sinceMs),
          next_probe_at: notBeforeMs === undefined ? null : wall(notBeforeMs),
        }
      : null,
    queue: {
      depth: stats.depth,
      bytes: stats.bytes,
      oldest_age_s: ageSeconds(stats.oldestAcceptedAt, nowMs),
      in_flight: delivery.inFlight,
      next_attempt_at: nextAttemptMs === undefined ? null : wall(nextAttemptMs),
    },
    dead: stats.dead,
    totals: {
      appended: stats.totals.appended,
      delivered: stats.totals.delivered,
      discarded: stats.totals.discarded,
      dead: stats.dead.contract + stats.dead.system,
      quarantined: stats.totals.quarantined,
      dead_missing: stats.totals.deadMissing,
      unaccounted: unaccounted(stats),
      retries: ledger.totals.retries,
    },
    pii_refused_1h: refusedPii.lastHour(),
    last_receipt: ledger.lastReceipt,
    quota: { used_bytes: stats.quota.usedBytes, max_bytes: stats.quota.maxBytes },
    quarantine: { records: stats.quarantine.records, files: stats.quarantine.files },
    orphans: stats.orphans,
    missing_segments: stats.missingSegments,
  };
}

/** Age of the oldest event that is owed; 0 when none is. */
export function ageSeconds(acceptedAt: number | undefined, nowMs: number): number {
  return acceptedAt === undefined ? 0 : Math.max(0, Math.round((nowMs - acceptedAt) / 100) / 10);
}
