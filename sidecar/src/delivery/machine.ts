import type { HoldReason } from '@scholar/contract';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Pacing } from './pacing.ts';
import { createWindow, type Window } from './window.ts';

export type State = 'idle' | 'delivering' | 'retrying' | 'held';
export type Hold = { reason: HoldReason; detail: string; sinceMs: number };
export type Transition = { from: State; to: State; why: string };

/**
 * What delivery may do right now.
 * `slots`: events in flight at most. `ignoreDue`: a probe takes any event, also one whose own time has not come.
 * `wakeAtMs`: when to ask again, if nothing happens before.
 */
export type Gate = { slots: number; ignoreDue: boolean; wakeAtMs?: number };

/** A slow write of more than this pushes the P95 of live events over the ecosystem's goal. */
const SLOW_WRITE_MS = 150;
const SLOW_FLOOR = 8;
/** So many different events failing in a row mean that A8 is ill, not that one event makes it stumble. */
const EVENTS_BEFORE_SYSTEMIC = 3;
const FIRST_HOLD_PROBE_MS = 1_000;
/** Holds that asking cannot end: without an address or a key there is nobody to ask. */
const WITHOUT_PROBE: ReadonlySet<HoldReason> = new Set(['no_key', 'no_url']);

/**
 * How the forwarder stands towards A8. Always in one of these states:
 *
 *     idle ──event──▶ delivering ──miss──▶ retrying      idle        nothing is queued
 *      ▲                │   ▲ ◀──answer──────┘           delivering  A8 takes events; the window bounds how many at once
 *      └──queue empty───┤   │                            retrying    the last answer was "not now", or none: one
 *                       │   │                                        attempt at a time, none before the pause is over
 *                     hold answer or changed key/URL     held        asking again cannot help; everything is kept,
 *                       ▼   │                                        one slow probe at a time looks whether it ended
 *                       held┘
 *
 * - A miss is 408, 429, 5xx, a 2xx without a receipt, or no answer. The first one halves the window; a second one with
 *   no success in between, a `Retry-After`, or silence begins `retrying`. It pauses everybody only if the fault is A8's
 *   (silence, `Retry-After`, three different events): one event that A8 stumbles over waits alone.
 * - `held` ends by an answer that judges an event (receipt or contract refusal), or at once when key or URL change.
 *   `contract_mismatch` ends by a receipt only, and while it lasts refused events are kept, not buried.
 * - `round` counts pauses, holds and changes of destination. Bad news about an attempt of an earlier round is ignored:
 *   of 32 attempts that fail together, one speaks; a 401 for the old key says nothing about the new one.
 *
 * Every change of `state` goes through `#to`. All times are monotonic milliseconds.
 */
export class DeliveryMachine {
  #state: State = 'idle';
  #hold: Hold | undefined;
  #round = 0;
  #notBeforeMs = 0;
  #spell = 0;
  #systemic = false;
  #goodSinceMiss = true;
  readonly #missed = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #window: Window;
  readonly #pacing: Pacing;
  readonly #random: () => number;
  readonly #onTransition: (transition: Transition) => void;

  constructor(options: {
    pacing: Pacing;
    random: () => number;
    onTransition?: (transition: Transition) => void;
  }) {
    this.#pacing = options.pacing;
    this.#random = options.random;
    this.#onTransition = options.onTransition ?? (() => {});
    this.#window = createWindow({
      max: options.pacing.maxInFlight,
      slowMs: SLOW_WRITE_MS,
      slowFloor: Math.min(SLOW_FLOOR, options.pacing.maxInFlight),
    });
  }

  get state(): State {
    return this.#state;
  }

  get hold(): Hold | undefined {
    return this.#hold;
  }

  /** Stamp an attempt with this, and hand it back with its outcome. */
  get round(): number {
    return this.#round;
  }

  get window(): number {
    return this.#window.limit;
  }

  gate(nowMs: number): Gate {
    if (this.#state === 'idle' || this.#state === 'delivering') {
      return { slots: this.#window.limit, ignoreDue: false };
    }
    if (this.#hold && WITHOUT_PROBE.has(this.#hold.reason)) return { slots: 0, ignoreDue: false };
    const ignoreDue = this.#state === 'held' || this.#systemic;
    if (nowMs < this.#notBeforeMs) return { slots: 0, ignoreDue, wakeAtMs: this.#notBeforeMs };
    return { slots: 1, ignoreDue };
  }

  /** An event is waiting. */
  queued(): void {
    if (this.#state === 'idle') this.#to('delivering', 'an event is waiting');
  }

  /** Nothing is queued and nothing in flight. A hold stays: its reason is still there. */
  emptied(): void {
    if (this.#state === 'held') return;
    this.#systemic = false;
    this.#spell = 0;
    this.#to('idle', 'everything is delivered');
  }

  /** A receipt came. Returns true when it ended a pause that was A8's fault: everybody's own wait is over then. */
  delivered(writeMs: number): boolean {
    this.#refused.clear();
    return this.#answered(writeMs, 'A8 confirmed an event');
  }

  /**
   * A8 refused one event under the contract.
   * @returns `bury: false` when it must be kept, because so many in a row mean a mismatch and not a bad event.
   */
  refused(eventId: string, nowMs: number): { bury: boolean; recovered: boolean } {
    if (this.#hold?.reason === 'contract_mismatch') {
      this.#holdAgain(nowMs);
      return { bury: false, recovered: false };
    }
    this.#refused.add(eventId);
    const recovered = this.#answered(0, 'A8 judged an event');
    if (this.#refused.size >= this.#pacing.refusalsBeforeHold) {
      const detail =
        `A8 refused ${this.#refused.size} different events in a row. Compare the versions of the contract on both ` +
        'sides; replay the dead letters once they agree.';
      this.held({ reason: 'contract_mismatch', detail, round: this.#round, nowMs });
    }
    return { bury: true, recovered };
  }

  /** A8 said "not now", or nothing. `unreachable`: no answer at all. */
  missed(miss: {
    eventId: string;
    round: number;
    nowMs: number;
    unreachable: boolean;
    retryAfterMs?: number;
  }): void {
    if (this.#missed.size < EVENTS_BEFORE_SYSTEMIC) this.#missed.add(miss.eventId);
    if (miss.round !== this.#round) return;
    if (this.#state === 'held') {
      this.#holdAgain(miss.nowMs);
      return;
    }
    this.#round += 1;
    const systemic =
      miss.unreachable || miss.retryAfterMs !== undefined || this.#missed.size >= EVENTS_BEFORE_SYSTEMIC;
    if (
      this.#state === 'delivering' &&
      this.#goodSinceMiss &&
      !miss.unreachable &&
      miss.retryAfterMs === undefined
    ) {
      this.#goodSinceMiss = false;
      this.#window.shrink();
      return;
    }
    if (this.#state !== 'retrying') this.#window.collapse();
    this.#systemic ||= systemic;
    this.#notBeforeMs = this.#systemic ? miss.nowMs + this.#pauseMs(miss.retryAfterMs) : miss.nowMs;
    this.#spell += 1;
    this.#to('retrying', miss.unreachable ? 'A8 does not answer' : 'A8 answers "not now"');
  }

  /** Asking again cannot help. The first probe comes after a second, the later ones at the slow pace. */
  held(hold: { reason: HoldReason; detail: string; round: number; nowMs: number }): void {
    if (hold.round !== this.#round) return;
    const { reason, detail, nowMs } = hold;
    if (this.#state === 'held' && this.#hold?.reason === reason) {
      this.#hold = { ...this.#hold, detail };
      this.#holdAgain(nowMs);
      return;
    }
    this.#round += 1;
    this.#spell = 0;
    this.#window.collapse();
    this.#hold = { reason, detail, sinceMs: nowMs };
    this.#notBeforeMs = nowMs + this.#holdProbeMs();
    this.#to('held', `${reason}: ${detail}`);
  }

  /** The key or the URL changed: what we knew about A8 was about another one. Ask at once. */
  destinationChanged(nowMs: number): void {
    this.#round += 1;
    this.#missed.clear();
    this.#notBeforeMs = nowMs;
    this.#spell = 0;
    if (this.#state !== 'held') return;
    this.#hold = undefined;
    this.#systemic = true;
    this.#to('retrying', 'the key or the URL of A8 changed');
  }

  /** Ask A8 now instead of at the next probe (an operator's drain). */
  probeNow(nowMs: number): void {
    this.#notBeforeMs = nowMs;
  }

  /** When the next attempt may go out while retrying or held; undefined when nothing is being waited for. */
  get notBeforeMs(): number | undefined {
    if (this.#state !== 'retrying' && this.#state !== 'held') return undefined;
    return this.#hold && WITHOUT_PROBE.has(this.#hold.reason) ? undefined : this.#notBeforeMs;
  }

  #answered(writeMs: number, why: string): boolean {
    const recovered = this.#state === 'held' || (this.#state === 'retrying' && this.#systemic);
    this.#missed.clear();
    this.#goodSinceMiss = true;
    this.#systemic = false;
    this.#spell = 0;
    this.#hold = undefined;
    this.#window.grow(writeMs);
    this.#to('delivering', why);
    return recovered;
  }

  #pauseMs(retryAfterMs: number | undefined): number {
    const { retryBaseMs, retryCapMs } = this.#pacing;
    const jitter = fullJitter({
      attempt: this.#spell,
      baseMs: retryBaseMs,
      capMs: retryCapMs,
      random: this.#random,
    });
    // The jitter comes on top: seven forwarders that were told the same moment must not all come at it.
    return (retryAfterMs ?? 0) + jitter;
  }

  #holdAgain(nowMs: number): void {
    this.#round += 1;
    this.#spell += 1;
    this.#notBeforeMs = nowMs + this.#holdProbeMs();
  }

  #holdProbeMs(): number {
    const { holdProbeMs } = this.#pacing;
    const base = Math.min(holdProbeMs, FIRST_HOLD_PROBE_MS * 2 ** this.#spell);
    return base * (0.75 + this.#random() / 2);
  }

  #to(state: State, why: string): void {
    if (state === this.#state && state !== 'held') return;
    const from = this.#state;
    this.#state = state;
    this.#onTransition({ from, to: state, why });
  }
}
