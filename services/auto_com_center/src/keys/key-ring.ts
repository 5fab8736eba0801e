import { hash, timingSafeEqual } from 'node:crypto';
import { type KeyDecision, keyFingerprint, type RingEntry } from '@scholar/contract';
import type { KeyLimit } from './key-limit.ts';

export type KeyRole = RingEntry['role'];
export type RingKey = RingEntry & { id: string };

/** A key that matched, or why none did: no such key (401), one that may not do this (403), or not so often (429). */
export type KeyMatch =
  | { ok: true; key: RingKey }
  | { ok: false; code: 'unauthorized' | 'forbidden' | 'rate_limited' };

/** What outlives a ring, since a changed folder makes a new one. */
export type KeyMemory = {
  /** Fingerprints that were learned from the use of a key, by digest. */
  learned: Map<string, string>;
  /** Requests a second of each key; undefined where there is no limit. */
  limit?: KeyLimit | undefined;
};

/**
 * The keys that A8 accepts. It knows digests only, so a copy of the ring opens nothing. Immutable: a changed
 * folder makes a new ring. An entry may leave its fingerprint open; it is learned, in memory, from the first use of
 * the key, and handed on to the next ring by the memory.
 */
export class KeyRing {
  readonly #byDigest: ReadonlyMap<string, { key: RingKey; digest: Buffer; notAfterMs: number }>;
  readonly #memory: KeyMemory;

  constructor(keys: readonly RingKey[], memory: KeyMemory = { learned: new Map() }) {
    this.#memory = memory;
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
      fingerprint: key.fingerprint ?? this.#memory.learned.get(digest) ?? null,
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
    const digest = hash('sha256', token, 'buffer');
    const found = this.#byDigest.get(digest.toString('hex'));
    if (found === undefined || !timingSafeEqual(found.digest, digest) || nowMs >= found.notAfterMs) {
      return { ok: false, code: 'unauthorized' };
    }
    if (found.key.fingerprint === null) this.#memory.learned.set(found.key.sha256, keyFingerprint(token));
    if (found.key.role !== role) return { ok: false, code: 'forbidden' };
    return this.allows(found.key.id, nowMs)
      ? { ok: true, key: found.key }
      : { ok: false, code: 'rate_limited' };
  }

  /** Counts a request of a key; false where the key has had as many as it may. */
  allows(keyId: string, nowMs: number): boolean {
    return this.#memory.limit?.take(keyId, nowMs) ?? true;
  }

  /** The decision that the contract's `admit` asks for: may this token emit, and for which labels. */
  authorizeEmit(token: string | undefined, nowMs: number): KeyDecision {
    const match = this.match(token, 'emit', nowMs);
    return match.ok ? { ok: true, keyId: match.key.id, labels: match.key.labels } : match;
  }
}
