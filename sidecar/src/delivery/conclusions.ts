import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Outbox } from '../outbox/index.ts';
import type { Announcer } from './announcer.ts';
import type { Attempted } from './attempt.ts';
import type { Item, Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { DeliveryMachine } from './machine.ts';
import { DISK_RETRY_MS, type Pacing } from './pacing.ts';
import type { Waiters } from './waiters.ts';

export type ConclusionParts = {
  outbox: Outbox;
  machine: DeliveryMachine;
  lanes: Lanes;
  announcer: Announcer;
  waiters: Waiters;
  ledger: Ledger;
  pacing: Pacing;
  clock: Clock;
  random: () => number;
};

/**
 * What follows from the outcome of an attempt: the event is settled by a receipt, buried by a contract refusal, or waits
 * in its lane for the next one; and the machine learns of it.
 */
export class Conclusions {
  readonly #parts: ConclusionParts;

  constructor(parts: ConclusionParts) {
    this.#parts = parts;
  }

  /** @param round that of the machine when the attempt began. */
  async conclude(item: Item, attempted: Attempted, round: number): Promise<void> {
    const nowMs = this.#parts.clock.monotonic();
    const { eventId } = item.event;
    if (item.discarded) return;
    switch (attempted.kind) {
      case 'delivered':
        this.#settle(item, attempted);
        return;
      case 'dead':
        await this.#refused(item, attempted, nowMs);
        return;
      case 'hold':
        this.#repeat(item, attempted, this.#parts.pacing.holdProbeMs);
        this.#parts.machine.held({ reason: attempted.reason, detail: attempted.detail, round, nowMs });
        return;
      case 'retry':
        this.#repeat(item, attempted, attempted.retryAfterMs ?? 0);
        this.#parts.machine.missed({ ...attempted, eventId, round, nowMs, unreachable: false });
        return;
      case 'unreachable':
        this.#repeat(item, attempted, 0);
        this.#parts.machine.missed({ eventId, round, nowMs, unreachable: true });
    }
  }

  #settle(item: Item, attempted: Extract<Attempted, { kind: 'delivered' }>): void {
    const { receipt, writeMs } = attempted;
    const { eventId } = item.event;
    const deliveredAt = this.#parts.clock.now();
    this.#parts.outbox.settle(eventId, {
      requestId: receipt.request_id,
      receivedAt: receipt.received_at,
      duplicate: receipt.duplicate,
      deliveredAt,
      writeMs,
      retries: item.misses,
      ...(receipt.own_row === true ? { own: true } : {}),
    });
    this.#parts.ledger.delivered(receipt, writeMs, deliveredAt);
    if (this.#parts.machine.delivered(writeMs)) this.#parts.lanes.dueNow();
    this.#parts.waiters.settle(eventId, { state: 'delivered', receipt });
  }

  async #refused(item: Item, attempted: Extract<Attempted, { kind: 'dead' }>, nowMs: number): Promise<void> {
    const { eventId } = item.event;
    const { problem } = attempted;
    const { bury, recovered } = this.#parts.machine.refused(eventId, nowMs);
    this.#parts.ledger.refused();
    if (recovered) this.#parts.lanes.dueNow();
    if (!bury) {
      this.#postpone(item, this.#parts.pacing.holdProbeMs);
      return;
    }
    try {
      await this.#parts.outbox.bury(eventId, { class: 'contract', problem, attempts: item.misses + 1 });
      this.#parts.ledger.buried();
      this.#parts.announcer.dead(eventId, problem);
      this.#parts.waiters.settle(eventId, { state: 'dead', problem });
    } catch (error) {
      this.#parts.announcer.disk(error, 'writing a dead letter');
      this.#postpone(item, DISK_RETRY_MS);
    }
  }

  #repeat(
    item: Item,
    attempted: Extract<Attempted, { kind: 'retry' | 'hold' | 'unreachable' }>,
    atLeastMs: number,
  ) {
    this.#parts.ledger.repeated(attempted.kind, attempted.label);
    item.lastMiss = missOf(attempted);
    this.#postpone(item, atLeastMs);
  }

  #postpone(item: Item, atLeastMs: number): void {
    const { clock, pacing, random } = this.#parts;
    const { retryBaseMs: baseMs, retryCapMs: capMs } = pacing;
    item.dueMs = clock.monotonic() + atLeastMs + fullJitter({ attempt: item.misses, baseMs, capMs, random });
    item.misses += 1;
    this.#parts.lanes.wait(item);
  }
}

function missOf(attempted: Extract<Attempted, { kind: 'retry' | 'hold' | 'unreachable' }>): string {
  if (attempted.kind === 'unreachable') return `${attempted.label} (${attempted.code})`;
  return attempted.kind === 'hold' ? `${attempted.label} (${attempted.reason})` : attempted.label;
}
