import type { Check } from '../judged.ts';
import type { AppSnapshot, ObservationView } from '../snapshot.ts';

/** Two clocks of one system may be apart by so much without being a finding of their own. */
const CLOCKS_MS = 5_000;

/**
 * Make sure that what an app counts as handed over reaches A8: its counter moved since its start, nothing waits or lies
 * dead in its forwarder, and yet A8 has no row of it since then.
 */
export const countedNotStored: Check = ({ apps, hub }) =>
  apps.flatMap((app) => {
    const { label, counted, running } = app;
    const seen = hub.observations?.[label];
    if (running === undefined || counted === undefined || seen === undefined) return [];
    if (counted.handedOver === 0 || hasRowsSince(running.started_at, seen) || isExplained(app)) return [];
    const summary = `${label} has handed over ${counted.handedOver} events since its start, none of them waits, and A8 has no row of it since then.`;
    const evidence = [
      `outbox_relay_sent_total ${counted.handedOver} since ${running.started_at}, to ${running.endpoint ?? 'nowhere'}`,
      `last event of ${label} at A8: ${seen.lastEventAt ?? 'never'}`,
    ];
    const advice = `something else than its forwarder takes the events: see what listens at ${running.endpoint ?? 'its endpoint'}, and whether A8 writes to the database that is read here`;
    return [
      { code: 'counted_not_stored', label, severity: 'critical', summary, evidence, remedies: [], advice },
    ];
  });

function hasRowsSince(startedAt: string, { lastEventAt }: ObservationView): boolean {
  return lastEventAt !== null && Date.parse(lastEventAt) >= Date.parse(startedAt) - CLOCKS_MS;
}

/** What has not arrived is known to be somewhere, or its way is named by another check. */
function isExplained({ running, forwarder }: AppSnapshot): boolean {
  if (running?.emit_mode !== 'forwarder') return true;
  const { status } = forwarder;
  if (status === undefined) return true;
  return status.hold !== null || status.depth > 0 || status.dead.contract + status.dead.system > 0;
}
