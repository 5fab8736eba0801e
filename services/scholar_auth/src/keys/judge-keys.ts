/**
 * How long before it signs a key is published, ms: longer than another service keeps what it fetched (10 min) and a
 * cache on the way keeps it (5 min).
 */
export const PUBLISH_AHEAD_MS = 20 * 60_000;

/** How long after its time a key may still sign somewhere: a replica reads the keys anew every 30 s; clocks differ. */
const STRAGGLER_MS = 10 * 60_000;

/** When a key signs. `signsUntil` null = until there is a next one. */
export type KeyTimes = { signsFrom: Date; signsUntil: Date | null };

/** The key that signs: the last one whose time has come; where none has (a clock was set back) the first one. */
export function signerAt<K extends KeyTimes>(keys: readonly K[], nowMs: number): K | undefined {
  const inOrder = keys.toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
  return inOrder.findLast(({ signsFrom }) => signsFrom.getTime() <= nowMs) ?? inOrder[0];
}

/** Whether a key may sign, now or later. */
export function maySign({ signsUntil }: KeyTimes, nowMs: number): boolean {
  return signsUntil === null || signsUntil.getTime() > nowMs;
}

/** Whether nothing can be signed with it any more, so that its private half can go. */
export function isSpent({ signsUntil }: KeyTimes, nowMs: number): boolean {
  return signsUntil !== null && signsUntil.getTime() + STRAGGLER_MS <= nowMs;
}

/**
 * Whether the last token that it signed has expired, so that nobody needs its public half.
 * @param tokenTtlMs lifetime of an access token.
 */
export function isOutlived(key: KeyTimes, { nowMs, tokenTtlMs }: { nowMs: number; tokenTtlMs: number }) {
  return isSpent(key, nowMs - tokenTtlMs);
}

/** Whether the newest key is so old that its successor should be published. */
export function isRotationDue(
  keys: readonly KeyTimes[],
  { nowMs, rotateAfterMs }: { nowMs: number; rotateAfterMs: number },
): boolean {
  const newest = Math.max(...keys.map(({ signsFrom }) => signsFrom.getTime()));
  return nowMs + PUBLISH_AHEAD_MS >= newest + rotateAfterMs;
}
