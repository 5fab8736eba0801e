/**
 * Milliseconds to wait before the next attempt: uniform in `[0, min(capMs, baseMs * 2^attempt)]`.
 * "Full jitter" of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ; the spread is kept
 * at the cap, so that senders that failed together do not come back together.
 * @param options.attempt 0 for the wait after the first failure.
 * @param options.random uniform in [0, 1), as `Math.random`.
 */
export function fullJitter(options: {
  attempt: number;
  baseMs: number;
  capMs: number;
  random: () => number;
}): number {
  const { attempt, baseMs, capMs, random } = options;
  // 2^attempt overflows to Infinity for large attempts; min() then yields the cap, which is what is meant.
  const ceilingMs = Math.min(capMs, baseMs * 2 ** Math.max(0, attempt));
  return random() * ceilingMs;
}
