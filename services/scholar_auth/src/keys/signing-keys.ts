import type { Clock } from '@scholar/runtime/clock';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet } from 'jose';
import type { Pool, PoolClient } from 'pg';
import { insertKey, loadKeys, lockKeyCreation, type StoredKey } from './key-store.ts';

export const SIGNING_ALGORITHM = 'EdDSA';
const RELOAD_AFTER_MS = 30_000;

type SigningKey = Awaited<ReturnType<typeof importJWK>>;
type KeySet = { kid: string; signer: SigningKey; jwks: JSONWebKeySet; loadedAt: number };

export interface SigningKeys {
  /** The key that signs now. Makes the very first one. */
  current(): Promise<{ kid: string; key: SigningKey }>;
  /** Public halves of all keys whose tokens may still be around. */
  jwks(): Promise<JSONWebKeySet>;
}

/**
 * Ed25519 keys in the database, so that all replicas sign with one key and a restart does not end sessions.
 * They are renewed in the background after 30 s; while the database does not answer, the keys read before go on
 * working. A new key must therefore be published for longer than that before anybody relies on it.
 */
export function createSigningKeys(deps: {
  pool: Pool;
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
}): SigningKeys {
  let cached: KeySet | undefined;
  let loading: Promise<KeySet> | undefined;

  async function load(): Promise<KeySet> {
    let stored = await loadKeys(deps.pool);
    if (!stored.some((key) => !key.retired)) stored = await deps.withTransaction(makeFirstKey);
    const signing = stored.find((key) => !key.retired);
    if (!signing) throw new Error('signing_keys has no key that signs; a new one could not be made');
    return {
      kid: signing.kid,
      signer: await importJWK(signing.privateJwk, SIGNING_ALGORITHM),
      jwks: {
        keys: stored.map((key) => ({ ...key.publicJwk, kid: key.kid, use: 'sig', alg: SIGNING_ALGORITHM })),
      },
      loadedAt: deps.clock.now(),
    };
  }

  async function keySet(): Promise<KeySet> {
    const fresh = cached && deps.clock.now() - cached.loadedAt < RELOAD_AFTER_MS;
    if (cached && fresh) return cached;
    loading ??= load()
      .then((loaded) => {
        cached = loaded;
        return loaded;
      })
      .finally(() => {
        loading = undefined;
      });
    if (!cached) return loading;
    // Nobody waits for a renewal, and its failure changes nothing: the next call tries again.
    loading.catch(() => {});
    return cached;
  }

  return {
    async current() {
      const { kid, signer } = await keySet();
      return { kid, key: signer };
    },
    jwks: async () => (await keySet()).jwks,
  };
}

async function makeFirstKey(tx: PoolClient): Promise<StoredKey[]> {
  await lockKeyCreation(tx);
  const existing = await loadKeys(tx);
  if (existing.some((key) => !key.retired)) return existing;
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, {
    crv: 'Ed25519',
    extractable: true,
  });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  await insertKey(tx, { kid, publicJwk, privateJwk: await exportJWK(privateKey) });
  return loadKeys(tx);
}
