import got from 'got';
import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose';
import type { Clock } from '../clock/index.ts';
import type { KeptKeys } from './kept-keys.ts';

/** No key can be looked up now: none was seen yet, and the issuer does not answer. */
export class VerifierUnavailable extends Error {
  readonly retryAfterMs: number;

  constructor(message: string, options: { retryAfterMs: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'VerifierUnavailable';
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type KeySetOptions = {
  jwksUrl: string;
  clock: Clock;
  /** The most one fetch may take; 3000 ms by default. */
  timeoutMs?: number;
  /** The least time between two fetches, whatever tokens arrive; 10 s by default. */
  cooldownMs?: number;
  /** After this time keys are fetched again in the background; 10 min by default. */
  maxAgeMs?: number;
  /** Where the keys outlive this process: a start while the issuer is down. Nowhere by default. */
  kept?: KeptKeys;
};

const NOWHERE: KeptKeys = { load: async () => undefined, save: async () => {} };

/**
 * The public keys of the issuer. Once seen they are kept for as long as the process lives, and where `kept` says beyond
 * that, so that the issuer may be down: they are renewed in the background when they are old, and in the foreground when a token names a key that is
 * not among them. Fetches are one at a time and at least the cooldown apart, also after a failure, so that forged
 * key ids cannot make us hammer the issuer. (jose's remote set forgets its keys after an age and limits only
 * successful fetches.)
 */
export class KeySet {
  readonly #options: Required<KeySetOptions>;
  #keys: LocalJWKSet | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #attemptedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;
  #lastFailure: unknown;

  constructor(options: KeySetOptions) {
    this.#options = { timeoutMs: 3_000, cooldownMs: 10_000, maxAgeMs: 600_000, kept: NOWHERE, ...options };
  }

  /**
   * The key that a token names.
   * @throws VerifierUnavailable when no key was ever seen; jose's JWKSNoMatchingKey when the key is unknown.
   */
  async find(header: JWSHeaderParameters): Promise<CryptoKey> {
    const keys = this.#keys ?? (await this.#first());
    if (this.#now() - this.#fetchedAt > this.#options.maxAgeMs) void this.#refresh();
    try {
      return await keys(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#refresh();
      return (this.#keys ?? keys)(header);
    }
  }

  async #first(): Promise<LocalJWKSet> {
    await this.#refresh();
    if (this.#keys) return this.#keys;
    const { jwksUrl, cooldownMs, kept } = this.#options;
    // They count as old: the issuer is asked again with the next token.
    const before = await kept.load().catch(() => undefined);
    if (before) {
      this.#keys ??= createLocalJWKSet(before);
      return this.#keys;
    }
    const retryAfterMs = Math.max(1, this.#attemptedAt + cooldownMs - this.#now());
    const message = `Tokens cannot be checked: no keys could be fetched from ${jwksUrl}. Start scholar_auth or correct A1_URL.`;
    throw new VerifierUnavailable(message, { retryAfterMs, cause: this.#lastFailure });
  }

  /** Fetches the keys unless that was tried a moment ago. Never rejects: what was known stays. */
  async #refresh(): Promise<void> {
    if (!this.#fetching && this.#now() - this.#attemptedAt < this.#options.cooldownMs) return;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { jwksUrl, timeoutMs } = this.#options;
    this.#attemptedAt = this.#now();
    try {
      const request = got(jwksUrl, {
        timeout: { request: timeoutMs },
        retry: { limit: 0 },
        followRedirect: false,
      });
      const fetched = await request.json<JSONWebKeySet>();
      this.#keys = createLocalJWKSet(fetched);
      this.#fetchedAt = this.#now();
      // Nobody waits for it, and without it only a start while the issuer is down is worse.
      this.#options.kept.save(fetched).catch(() => {});
    } catch (error) {
      this.#lastFailure = error;
    }
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
