import { RateCap } from '@scholar/runtime/rate-cap';

/** More than one ring has; beyond them the longest unused key begins anew. */
const MAX_KEYS = 10_000;

/** How long a key that was refused is told to wait. A bucket that fills each second has room again by then. Seconds. */
export const RETRY_AFTER_LIMIT_S = 1;

/**
 * Requests that each key may make: as many as `perSecond` at once, and again each second. A sender that runs wild gets 429
 * and leaves the queue, the database and the other senders alone.
 */
export class KeyLimit {
  readonly #cap: RateCap;

  constructor(perSecond: number) {
    this.#cap = new RateCap({ burst: perSecond, perMinute: perSecond * 60, maxNames: MAX_KEYS });
  }

  /** Counts one request; false where it is one too many. */
  take(keyId: string, nowMs: number): boolean {
    return this.#cap.take(keyId, nowMs).keep;
  }
}
