import type { Clock } from '@scholar/runtime/clock';
import { importJWK, type JSONWebKeySet, type JWK } from 'jose';
import type { Pool, PoolClient } from 'pg';
import { keysAreShut, notConfigured } from '../http/problems.ts';
import { type KeyTimes, maySign, signerAt } from './judge-keys.ts';
import type { KeyEncryption } from './key-encryption.ts';
import { loadKeys, lockKeys, type StoredKey } from './key-store.ts';
import { makeKey, SIGNING_ALGORITHM } from './make-key.ts';

const RELOAD_AFTER_MS = 30_000;

export const OTHER_ENCRYPTION_KEY =
  'KEY_ENCRYPTION_KEY is not the key that the signing keys are sealed with: give that one again, or both as new,old';

type SigningKey = Awaited<ReturnType<typeof importJWK>>;
type Signer = KeyTimes & { kid: string; key: SigningKey };
type KeySet = {
  signers: Signer[];
  jwks: JSONWebKeySet;
  /** Keys that should sign and that the encryption of then does not open. */
  closed: number;
  encryption: KeyEncryption | undefined;
  loadedAt: number;
};

export interface SigningKeys {
  /** The key that signs now. Makes the very first one. @throws HttpProblem 503 while no private half can be opened. */
  current(): Promise<{ kid: string; key: SigningKey }>;
  /** Public halves of all keys whose tokens may still be around. */
  jwks(): Promise<JSONWebKeySet>;
  /**
   * @throws Error while nothing can be signed because KEY_ENCRYPTION_KEY is another one. That it is missing is no such
   * error: /running says so.
   */
  assertOpen(): Promise<void>;
  /** Reads the keys anew, also before they are old. */
  reload(): Promise<void>;
  findings(): string[];
}

/**
 * Ed25519 keys in the database, so that all replicas sign with one key and a restart does not end sessions. Their
 * private halves are sealed with KEY_ENCRYPTION_KEY. They are read anew in the background after 30 s; while the
 * database does not answer, or after KEY_ENCRYPTION_KEY became a wrong one, the keys read before go on working.
 */
export function createSigningKeys(deps: {
  pool: Pool;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  encryption: () => KeyEncryption | undefined;
}): SigningKeys {
  const { clock } = deps;
  let cached: KeySet | undefined;
  let loading: Promise<KeySet> | undefined;

  async function load(): Promise<KeySet> {
    const encryption = deps.encryption();
    let stored = await loadKeys(deps.pool);
    let signing = signingKeys(stored, clock.now());
    if (encryption && signing.length === 0) {
      stored = await deps.withTransaction((tx) => makeFirstKey(tx, encryption, clock));
      signing = signingKeys(stored, clock.now());
    }
    const known = new Map(cached?.signers.map((signer) => [signer.kid, signer.key]));
    const signers: Signer[] = [];
    let closed = 0;
    for (const stored of signing) {
      const jwk = privateHalf(stored, encryption);
      if (!jwk) closed += 1;
      const key = jwk ? await importJWK(jwk, SIGNING_ALGORITHM) : known.get(stored.kid);
      if (key) signers.push({ ...stored, key });
    }
    return { signers, closed, encryption, jwks: { keys: stored.map(published) }, loadedAt: clock.now() };
  }

  function renew(): Promise<KeySet> {
    loading ??= load()
      .then((loaded) => {
        cached = loaded;
        return loaded;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  async function keySet(): Promise<KeySet> {
    const usable = cached !== undefined && cached.signers.length > 0;
    const fresh =
      cached?.encryption === deps.encryption() && clock.now() - (cached?.loadedAt ?? 0) < RELOAD_AFTER_MS;
    if (cached && usable && fresh) return cached;
    const renewal = renew();
    if (!cached || !usable) return renewal;
    // Nobody waits for a renewal, and its failure changes nothing: the next call tries again.
    renewal.catch(() => {});
    return cached;
  }

  return {
    async current() {
      const { signers, encryption } = await keySet();
      const signer = signerAt(signers, clock.now());
      if (signer) return signer;
      throw encryption
        ? keysAreShut('No token can be signed', OTHER_ENCRYPTION_KEY)
        : notConfigured('KEY_ENCRYPTION_KEY', 'no token can be signed');
    },
    async jwks() {
      const { jwks } = await keySet();
      // An empty set would be believed, and kept.
      if (jwks.keys.length === 0) throw notConfigured('KEY_ENCRYPTION_KEY', 'there is no key yet');
      return jwks;
    },
    async assertOpen() {
      const { signers, encryption } = await keySet();
      if (signers.length === 0 && encryption) throw new Error(OTHER_ENCRYPTION_KEY);
    },
    async reload() {
      await loading?.catch(() => {});
      await renew();
    },
    findings: () => (cached?.closed && cached.encryption ? [OTHER_ENCRYPTION_KEY] : []),
  };
}

/** What may sign: sealed keys, or, while there is none, those that a release without KEY_ENCRYPTION_KEY left. */
function signingKeys(stored: readonly StoredKey[], nowMs: number): StoredKey[] {
  const mine = stored.filter((key) => maySign(key, nowMs));
  const sealed = mine.filter(({ half }) => half);
  return sealed.length > 0 ? sealed : mine.filter(({ plainJwk }) => plainJwk);
}

function privateHalf(
  { kid, half, plainJwk }: StoredKey,
  encryption: KeyEncryption | undefined,
): JWK | undefined {
  if (half) return encryption?.open(kid, half);
  return plainJwk ?? undefined;
}

function published({ kid, publicJwk }: StoredKey): JWK {
  return { ...publicJwk, kid, use: 'sig', alg: SIGNING_ALGORITHM };
}

async function makeFirstKey(tx: PoolClient, encryption: KeyEncryption, clock: Clock): Promise<StoredKey[]> {
  await lockKeys(tx);
  const now = clock.now();
  const existing = await loadKeys(tx);
  if (signingKeys(existing, now).length > 0) return existing;
  await makeKey(tx, { encryption, signsFrom: new Date(now) });
  return loadKeys(tx);
}
