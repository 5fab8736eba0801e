/** A8's write takes milliseconds; who waits longer than this wants to poll `GET /events/{id}` instead. */
export const MAX_WAIT_S = 30;

/**
 * Reads `wait=N` (seconds) out of a `Prefer` header (RFC 7240 section 4.3); capped at 30.
 * Anything else is a preference that we do not know, and therefore ignore (section 2).
 */
export function preferredWaitMs(header: string | readonly string[] | undefined): number {
  if (header === undefined) return 0;
  const joined = typeof header === 'string' ? header : header.join(',');
  for (const preference of joined.split(',')) {
    const match = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference);
    if (match) return Math.min(Number(match[1]), MAX_WAIT_S) * 1000;
  }
  return 0;
}
