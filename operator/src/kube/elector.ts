import { createLoop } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import { KubeError } from './kube-error.ts';
import { type Lease, type LeaseRecord, microTime } from './lease.ts';

/**
 * One of many leads. It is always in one of these states:
 *
 *   following  somebody else holds the Lease, or nobody we know of does. The Lease is read every `renewMs`; when it has
 *              not changed for its whole duration, by our own clock, it is taken. Clocks of two machines are never compared.
 *   leading    we wrote the Lease less than `deadlineMs` ago, counted from before the request was sent, on the monotonic
 *              clock AND on the wall clock: one of them stands still while a machine sleeps, the other may be set.
 *              Since others wait the whole `leaseMs` from when they saw the write, which is later, we have stopped
 *              before anybody else starts, unless their clock runs `leaseMs / deadlineMs` times as fast as ours.
 *   stopped    left by `stop`, which gives the Lease back: the next one leads at once.
 */
export interface Elector {
  start: () => void;
  /** Gives the lease back. Whatever leads must have ended before. */
  stop: () => Promise<void>;
  /** True only while nobody else can lead; asked before each write. */
  isLeader: () => boolean;
}

export interface ElectorOptions {
  lease: LeaseRecord;
  /** Unique among all that may lead, e.g. the pod's name. */
  identity: string;
  /** Leading begins; the signal aborts when it ends, for whatever reason. */
  onLead: (signal: AbortSignal) => void;
  clock: Clock;
  random: () => number;
  log: Logger;
  timing?: Timing;
}

export interface Timing {
  /** How long a Lease is good for after it was last seen to change. */
  leaseMs: number;
  /** Without a renewal for so long we stop to lead. Clearly below `leaseMs`. */
  deadlineMs: number;
  /** Between two renewals, and between two looks of those who follow. */
  renewMs: number;
}

const TIMING: Timing = { leaseMs: 15_000, deadlineMs: 10_000, renewMs: 4_000 };

interface Instant {
  wall: number;
  monotonic: number;
}

interface Term {
  ended: AbortController;
  renewedAt: Instant;
}

export function createElector(options: ElectorOptions): Elector {
  const { lease, identity, onLead, clock, random, log, timing = TIMING } = options;
  let known: Lease | undefined;
  let changedAt = clock.monotonic();
  let term: Term | undefined;

  const instant = (): Instant => ({ wall: clock.now(), monotonic: clock.monotonic() });

  function leftMs({ renewedAt }: Term): number {
    const now = instant();
    const passed = Math.max(now.wall - renewedAt.wall, now.monotonic - renewedAt.monotonic);
    return timing.deadlineMs - passed;
  }

  function isLeader(): boolean {
    return term !== undefined && !term.ended.signal.aborted && leftMs(term) > 0;
  }

  function end(reason: string): void {
    if (term === undefined) return;
    const { ended } = term;
    term = undefined;
    log.warn({ identity, reason }, 'leading has ended');
    ended.abort();
  }

  /** Ends the term at its deadline, also while a renewal hangs. */
  async function guard(mine: Term): Promise<void> {
    while (!mine.ended.signal.aborted) {
      const left = leftMs(mine);
      if (left <= 0) return end(`the lease could not be renewed for ${timing.deadlineMs} ms`);
      await clock.sleep(left, mine.ended.signal);
    }
  }

  function saw(seen: Lease | undefined): void {
    if (seen?.metadata.resourceVersion !== known?.metadata.resourceVersion) changedAt = clock.monotonic();
    known = seen;
  }

  function isFree(): boolean {
    const { holderIdentity: holder = '', leaseDurationSeconds } = known?.spec ?? {};
    if (holder === '' || holder === identity) return true;
    const durationMs = leaseDurationSeconds === undefined ? timing.leaseMs : leaseDurationSeconds * 1_000;
    return clock.monotonic() - changedAt >= durationMs;
  }

  async function hold(signal: AbortSignal): Promise<void> {
    const sentAt = instant();
    const now = microTime(sentAt.wall);
    const old = known?.spec;
    const isOurs = old?.holderIdentity === identity;
    known = await lease.write(
      known,
      {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(timing.leaseMs / 1_000),
        acquireTime: (isOurs && term !== undefined ? old?.acquireTime : undefined) ?? now,
        renewTime: now,
        leaseTransitions: (old?.leaseTransitions ?? 0) + (isOurs || old === undefined ? 0 : 1),
      },
      signal,
    );
    changedAt = clock.monotonic();
    if (term !== undefined) {
      term.renewedAt = sentAt;
      return;
    }
    const begun: Term = { ended: new AbortController(), renewedAt: sentAt };
    // An answer that took longer than the deadline is no ground to lead on; the next pass renews.
    if (leftMs(begun) <= 0) return;
    term = begun;
    log.info({ identity }, 'leading');
    void guard(begun);
    onLead(begun.ended.signal);
  }

  async function pass(stopping: AbortSignal): Promise<number | undefined> {
    // A renewal that hangs must not outlive its chance of being tried again before the deadline.
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(Math.ceil(timing.deadlineMs / 2))]);
    try {
      if (term === undefined) saw(await lease.read(signal));
      if (isFree()) await hold(signal);
    } catch (cause) {
      if (stopping.aborted) return undefined;
      if (cause instanceof KubeError && cause.status === 409) {
        const isLost = term !== undefined;
        saw(await lease.read(signal).catch(() => known));
        if (isLost && known?.spec.holderIdentity !== identity) end('somebody else has taken the lease');
      } else {
        log.debug({ err: cause }, 'the lease could not be read or renewed');
      }
    }
    // Spread, so that those who follow do not all reach for a free lease at once.
    return timing.renewMs * (0.8 + 0.4 * random());
  }

  const loop = createLoop({ pass, clock });
  return {
    start: loop.start,
    isLeader,
    async stop() {
      await loop.stop();
      const wasLeading = isLeader();
      if (term !== undefined) {
        term.ended.abort();
        term = undefined;
      }
      if (wasLeading) await giveBack();
    },
  };

  async function giveBack(): Promise<void> {
    const spec = { ...known?.spec, holderIdentity: '', renewTime: microTime(clock.now()) };
    await lease.write(known, spec, AbortSignal.timeout(2_000)).catch((err: unknown) => {
      log.info({ err }, 'the lease could not be given back; it runs out by itself');
    });
  }
}
