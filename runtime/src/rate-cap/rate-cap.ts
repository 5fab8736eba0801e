/** What to do with one more: keep it (`suppressed` were not kept since the last one that was), or count it only. */
export type CapDecision = { keep: true; suppressed: number } | { keep: false };

type Bucket = { tokens: number; atMs: number; suppressed: number };

/**
 * A token bucket for each name: `burst` at once, then `perMinute`. A flood of refusals under one key and code
 * costs one bucket and not a disk. Beyond `maxNames` the longest unused bucket goes.
 */
export class RateCap {
  readonly #options: { burst: number; perMinute: number; maxNames: number };
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: { burst: number; perMinute: number; maxNames: number }) {
    this.#options = options;
  }

  take(name: string, nowMs: number): CapDecision {
    const bucket = this.#refill(name, nowMs);
    if (bucket.tokens < 1) {
      bucket.suppressed += 1;
      return { keep: false };
    }
    const { suppressed } = bucket;
    bucket.tokens -= 1;
    bucket.suppressed = 0;
    return { keep: true, suppressed };
  }

  #refill(name: string, nowMs: number): Bucket {
    const { burst, perMinute, maxNames } = this.#options;
    const bucket = this.#buckets.get(name) ?? { tokens: burst, atMs: nowMs, suppressed: 0 };
    const earned = (Math.max(0, nowMs - bucket.atMs) / 60_000) * perMinute;
    bucket.tokens = Math.min(burst, bucket.tokens + earned);
    bucket.atMs = nowMs;
    // Deleted and set again: a Map iterates in the order of insertion, so the first is the longest unused.
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > maxNames) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return bucket;
  }
}
