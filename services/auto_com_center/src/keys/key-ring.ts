import { createHash, timingSafeEqual } from 'node:crypto';
import { type KeyDecision, keyFingerprint, type RingEntry } from '@scholar/contract';

export type KeyRole = RingEntry['role'];
export type RingKey = RingEntry & { id: string };

/** A key that matched, or why none did: no such key (401), or one that may not do this (403). */
export type KeyMatch = { ok: true; key: RingKey } | { ok: false; code: 'unauthorized' | 'forbidden' };

/**
 * The keys that A8 accepts. It knows digests only, so a copy of the ring opens nothing. Immutable: a changed
 * folder makes a new ring. An entry may leave its fingerprint open; it is learned, in memory, from the first use of
 * the key, and handed on to the next ring by `learned` (digest to fingerprint).
 */
export class KeyRing {
  readonly #byDigest: ReadonlyMap<string, { key: RingKey; digest: Buffer; notAfterMs: number }>;

  readonly #learned: Map<string, string>;

  constructor(keys: readonly RingKey[], learned: Map<string, string> = new Map()) {
    this.#learned = learned;
    this.#byDigest = new Map(
      keys.map((key) => [
        key.sha256.toLowerCase(),
        {
          key,
          digest: Buffer.from(key.sha256, 'hex'),
          notAfterMs: key.not_after === null ? Number.POSITIVE_INFINITY : Date.parse(key.not_after),
        },
      ]),
    );
  }

  get size(): number {
    return this.#byDigest.size;
  }

  /** Every key, expired ones included, in the order of their files; with its fingerprint where it is known. */
  get keys(): RingKey[] {
    return [...this.#byDigest].map(([digest, { key }]) => ({
      ...key,
      fingerprint: key.fingerprint ?? this.#learned.get(digest) ?? null,
    }));
  }

  /** The keys of a role that are valid at `nowMs`. */
  valid(role: KeyRole, nowMs: number): RingKey[] {
    return [...this.#byDigest.values()]
      .filter(({ key, notAfterMs }) => key.role === role && nowMs < notAfterMs)
      .map(({ key }) => key);
  }

  /** Looks a presented token up by its SHA-256 and confirms it in constant time. */
  match(token: string | undefined, role: KeyRole, nowMs: number): KeyMatch {
    if (token === undefined || token === '') return { ok: false, code: 'unauthorized' };
    const digest = createHash('sha256').update(token).digest();
    const found = this.#byDigest.get(digest.toString('hex'));
    if (found === undefined || !timingSafeEqual(found.digest, digest) || nowMs >= found.notAfterMs) {
      return { ok: false, code: 'unauthorized' };
    }
    if (found.key.fingerprint === null) this.#learned.set(found.key.sha256, keyFingerprint(token));
    return found.key.role === role ? { ok: true, key: found.key } : { ok: false, code: 'forbidden' };
  }

  /** The decision that the contract's `admit` asks for: may this token emit, and for which labels. */
  authorizeEmit(token: string | undefined, nowMs: number): KeyDecision {
    const match = this.match(token, 'emit', nowMs);
    return match.ok ? { ok: true, keyId: match.key.id, labels: match.key.labels } : match;
  }
}
