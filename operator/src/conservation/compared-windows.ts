import { CONSERVATION_HOURS } from '@scholar/contract';

/** What earlier looks found of one forwarder. Without it everything is compared, which only takes longer. */
export interface Compared {
  forwarderId: string;
  /** All before this minute was compared, and nothing was missing. Whole minutes since the epoch. */
  until: number;
  /** Which part of the day is compared once more by the next look. */
  part: number;
  /** By minute, differences that were looked into: no event is missing (`differenceKey`). */
  explained: ReadonlyMap<number, string>;
}

/** Whole minutes since the epoch; `to` is not included. */
export interface Window {
  from: number;
  to: number;
}

export const DAY_MINUTES = CONSERVATION_HOURS * 60;

/** Compared once more: rows that were there a moment ago are the ones that a restored database lacks. */
const SAFETY_MINUTES = 10;
/** Rows of any age can be deleted, so each look compares another hour of the day as well. */
const PART_MINUTES = 60;
const PARTS = DAY_MINUTES / PART_MINUTES;
/** Room for a clock of A8 that is ahead. */
const AHEAD_MINUTES = 10;

/** Pure: the whole of what a forwarder can tell. */
export function wholeWindow(now: number): Window {
  return { from: now - DAY_MINUTES, to: now + AHEAD_MINUTES };
}

/** Pure: what a look has to compare, given what earlier ones found. @param now whole minutes since the epoch. */
export function windowsOf(before: Compared | undefined, now: number): Window[] {
  const whole = wholeWindow(now);
  if (before === undefined) return [whole];
  const from = Math.max(whole.from, Math.min(before.until - SAFETY_MINUTES, now));
  if (from - whole.from <= PART_MINUTES) return [whole];
  const part = whole.from + before.part * PART_MINUTES;
  return [
    { from: part, to: Math.min(part + PART_MINUTES, from) },
    { from, to: whole.to },
  ].filter((window) => window.from < window.to);
}

/** Pure: the part that comes after this one. */
export function nextPart(part: number): number {
  return (part + 1) % PARTS;
}
