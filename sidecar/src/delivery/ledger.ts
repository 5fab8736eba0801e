import type { HoldReason, Receipt } from '@scholar/contract';
import type { Metrics } from '@scholar/runtime/metrics';
import type { ForwarderMetrics } from '../metrics.ts';
import type { LastDelivery } from '../outbox/index.ts';

export type LastReceipt = { event_id: string; request_id: string; at: string; write_ms: number };

/**
 * Counts what delivery does, for metrics and status. Children are looked up once: this is the hot path.
 * @param before the last delivery before this start: a quiet forwarder was not silent for ever
 */
export function createLedger(metrics: Metrics<ForwarderMetrics>, before?: LastDelivery) {
  const delivered = metrics.counter('forwarder_delivered_total');
  const writeSeconds = metrics.histogram('forwarder_write_seconds');
  const answers = metrics.counter('forwarder_a8_answers_total');
  const retries = metrics.counter('forwarder_retries_total');
  const dead = metrics.counter('forwarder_dead_total');
  const holds = metrics.gauge('forwarder_hold');
  const confirmed = answers.labels('delivered');
  const totals = { delivered: 0, dead: 0, retries: 0 };
  let last: LastReceipt | null = before ? lastReceiptOf(before) : null;
  let lastAtMs: number | undefined = before?.note.deliveredAt;
  let holding: HoldReason | undefined;

  return {
    /** Since the start of this process. */
    totals: totals as Readonly<typeof totals>,
    get lastReceipt() {
      return last;
    },
    /** When it came, by our clock, ms since the epoch. */
    get lastReceiptAtMs() {
      return lastAtMs;
    },
    delivered(receipt: Receipt, writeMs: number, atMs: number): void {
      totals.delivered += 1;
      lastAtMs = atMs;
      delivered.inc();
      confirmed.inc();
      writeSeconds.observe(writeMs / 1000);
      last = {
        event_id: receipt.event_id,
        request_id: receipt.request_id,
        at: receipt.received_at,
        write_ms: roundMs(writeMs),
      };
    },
    repeated(verdict: 'retry' | 'hold' | 'unreachable', reason: string): void {
      totals.retries += 1;
      answers.labels(verdict).inc();
      retries.labels(reason).inc();
    },
    refused(): void {
      answers.labels('dead').inc();
    },
    buried(): void {
      totals.dead += 1;
      dead.labels('contract').inc();
    },
    holding(reason: HoldReason | undefined): void {
      if (holding === reason) return;
      if (holding) holds.labels(holding).set(0);
      if (reason) holds.labels(reason).set(1);
      holding = reason;
    },
  };
}

function lastReceiptOf({ eventId, note }: LastDelivery): LastReceipt {
  const { requestId, receivedAt, writeMs } = note;
  return { event_id: eventId, request_id: requestId, at: receivedAt, write_ms: roundMs(writeMs) };
}

export type Ledger = ReturnType<typeof createLedger>;

/** Tenths of a millisecond are enough for people, and for the truth table. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}
