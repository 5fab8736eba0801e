import type { Clock } from '@scholar/runtime/clock';
import type { Metrics } from '@scholar/runtime/metrics';
import type { Delivery } from '../delivery/delivery.ts';
import type { Ledger } from '../delivery/ledger.ts';
import type { ForwarderMetrics } from '../metrics.ts';
import { fatesOf, type Outbox, unaccounted } from '../outbox/index.ts';
import { ageSeconds } from './status.ts';

/** Gauges are looked up at each scrape instead of being kept up to date on the hot path. */
export function collectGauges(deps: {
  metrics: Metrics<ForwarderMetrics>;
  outbox: Pick<Outbox, 'stats'>;
  delivery: Delivery;
  ledger: Pick<Ledger, 'lastReceiptAtMs'>;
  clock: Clock;
}): void {
  const { metrics, outbox, delivery, ledger, clock } = deps;
  metrics.collect(() => {
    const stats = outbox.stats();
    metrics.gauge('forwarder_queue_depth').set(stats.depth);
    metrics.gauge('forwarder_queue_bytes').set(stats.bytes);
    metrics.gauge('forwarder_oldest_age_seconds').set(ageSeconds(stats.oldestAcceptedAt, clock.now()));
    metrics.gauge('forwarder_in_flight').set(delivery.inFlight);
    metrics.gauge('forwarder_in_flight_limit').set(delivery.machine.window);
    metrics.gauge('forwarder_dead_letters').labels('contract').set(stats.dead.contract);
    metrics.gauge('forwarder_dead_letters').labels('system').set(stats.dead.system);
    metrics.gauge('forwarder_quarantined').set(stats.quarantine.records);
    metrics.gauge('forwarder_orphan_files').set(stats.orphans.length);
    metrics.gauge('forwarder_missing_segments').set(stats.missingSegments.length);
    for (const [fate, count] of Object.entries(fatesOf(stats)))
      metrics.gauge('forwarder_accounted_events').labels(fate).set(count);
    metrics.gauge('forwarder_unaccounted_events').set(unaccounted(stats));
    const nextMs = stats.depth > 0 ? delivery.nextAttemptMs : undefined;
    const waitMs = nextMs === undefined ? 0 : Math.max(0, nextMs - clock.monotonic());
    metrics.gauge('forwarder_next_attempt_seconds').set(waitMs / 1000);
    metrics.gauge('forwarder_last_receipt_timestamp_seconds').set((ledger.lastReceiptAtMs ?? 0) / 1000);
    metrics.gauge('forwarder_outbox_bytes').set(stats.quota.usedBytes);
    metrics.gauge('forwarder_outbox_quota_bytes').set(stats.quota.maxBytes);
  });
}
