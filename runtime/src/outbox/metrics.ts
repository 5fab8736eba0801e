import { defineMetrics } from '../metrics/index.ts';

export const OUTBOX_METRICS = defineMetrics({
  outbox_relay_waiting: {
    type: 'gauge',
    help: 'Events in the outbox of this service that are still to be handed over',
  },
  outbox_relay_parked: { type: 'gauge', help: 'Events that were refused for good and wait for a person' },
  outbox_relay_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest event that is still to be handed over',
  },
  outbox_relay_sent_total: { type: 'counter', help: 'Events handed over and removed from the outbox' },
  outbox_relay_refused_total: { type: 'counter', help: 'Events refused for good and parked' },
  outbox_relay_unavailable_total: { type: 'counter', help: 'Attempts that failed for now and are repeated' },
});
