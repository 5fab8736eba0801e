import { type MinuteDigest, minuteNumber } from '@scholar/contract';

/** A minute in which a forwarder and A8 do not hold the same set of events. */
export interface DifferingMinute {
  /** Whole minutes since the epoch. */
  minute: number;
  acknowledged: MinuteDigest;
  /** undefined = A8 has no row of it. */
  held: MinuteDigest | undefined;
}

/**
 * Pure: the closed minutes of which A8 may lack something that it acknowledged, oldest first. Rows that it has beside are
 * none of them: an answer that got lost on its way, or a forwarder with a new disk.
 * @param closedBefore whole minutes since the epoch; from this one on nothing is judged.
 */
export function differingMinutes(of: {
  acknowledged: readonly MinuteDigest[];
  held: readonly MinuteDigest[];
  closedBefore: number;
}): DifferingMinute[] {
  const held = new Map(of.held.map((digest) => [minuteNumber(digest.minute), digest]));
  return of.acknowledged
    .map((digest) => ({ minute: minuteNumber(digest.minute), acknowledged: digest }))
    .filter(({ minute }) => minute < of.closedBefore)
    .map((each) => ({ ...each, held: held.get(each.minute) }))
    .filter(({ acknowledged, held: there }) => !isEqual(acknowledged, there))
    .sort((a, b) => a.minute - b.minute);
}

/** What tells this difference from another one of the same minute. */
export function differenceKey({ acknowledged, held }: DifferingMinute): string {
  return [acknowledged.count, acknowledged.sum, held?.count ?? 0, held?.sum ?? ''].join(' ');
}

/** Pure: that many rows at least are missing, for whoever knows the two counts alone. */
export function fewerRows({ acknowledged, held }: DifferingMinute): number {
  return Math.max(0, acknowledged.count - (held?.count ?? 0));
}

function isEqual(a: MinuteDigest, b: MinuteDigest | undefined): boolean {
  return a.count === b?.count && a.sum === b.sum;
}
