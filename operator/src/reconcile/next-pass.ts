import type { TruthTableStatus } from '../crd/status.ts';
import { CONFIRM_MS } from './intent-of.ts';
import type { Seen } from './seen.ts';

/** After a status that only announces: long enough for our own watch to have seen it. */
const ANNOUNCED_MS = 250;
/** Until a system that could not be looked at is asked again. */
const BLIND_MS = 10_000;
/** A spec that speaks of something else is mended by a change of it, or by an installation. */
const UNUSABLE_MS = 60_000;

/** Pure: whether a canary of each app is to be sent now. */
export function isDue(status: TruthTableStatus | undefined, intervalMs: number, nowMs: number): boolean {
  const verifiedMs = Date.parse(status?.verifiedAt ?? '');
  // The time of somebody whose clock is ahead is no reason to wait for longer than an interval.
  return !(verifiedMs <= nowMs && nowMs < verifiedMs + intervalMs);
}

/** What could not be tried is tried again after so long, or after its period where that is shorter. */
const GUARDS_AGAIN_MS = 60_000;

/** Pure: from when on A8's guards are to be tried, Unix ms; -Infinity where they never were. */
export function guardsDueMs(last: TruthTableStatus['guards'], everyMs: number): number {
  if (last === undefined) return -Infinity;
  const waitMs = last.unknown > 0 && last.failed === 0 ? Math.min(GUARDS_AGAIN_MS, everyMs) : everyMs;
  return Date.parse(last.at) + waitMs;
}

/** Pure: whether A8's guards are to be tried in this pass: also somewhat early, so that they share one with canaries. */
export function areGuardsDue(
  last: TruthTableStatus['guards'],
  { everyMs, intervalMs, nowMs }: { everyMs: number; intervalMs: number; nowMs: number },
): boolean {
  const earlyMs = Math.min(intervalMs, everyMs) / 2;
  // As with canaries: the time of somebody whose clock is ahead is no reason to wait for longer.
  const isAhead = last !== undefined && Date.parse(last.at) > nowMs;
  return isAhead || nowMs >= guardsDueMs(last, everyMs) - earlyMs;
}

/** Pure: ms until the next pass: when a canary or A8's guards are due, evidence expires, or something is to be looked at again. */
export function nextPassMs(facts: {
  seen: Seen;
  /** As it is after this pass. */
  status: TruthTableStatus;
  intervalMs: number;
  guardsEveryMs: number;
  nowMs: number;
}): number {
  const { seen, status, intervalMs, guardsEveryMs, nowMs } = facts;
  const waits = [waitOf(seen)];
  if (seen.kind === 'looked') {
    waits.push(untilMs(status.verifiedAt, intervalMs - nowMs));
    waits.push(guardsDueMs(status.guards, guardsEveryMs) - nowMs);
  }
  waits.push(untilMs(status.expiresAt, 1 - nowMs));
  return Math.max(ANNOUNCED_MS, Math.min(intervalMs, ...waits));
}

function waitOf(seen: Seen): number {
  switch (seen.kind) {
    case 'announced':
      return ANNOUNCED_MS;
    case 'unusable':
      return UNUSABLE_MS;
    case 'blind':
      return BLIND_MS;
    case 'looked':
      if (seen.intent.kind === 'repair') return ANNOUNCED_MS;
      return seen.intent.kind === 'confirm' ? CONFIRM_MS : Infinity;
  }
}

function untilMs(instant: string | undefined, offsetMs: number): number {
  const at = Date.parse(instant ?? '');
  return Number.isNaN(at) ? Infinity : at + offsetMs;
}
