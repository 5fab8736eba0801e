import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { PoolClient } from 'pg';
import type { KeyEncryption } from './key-encryption.ts';
import { insertKey } from './key-store.ts';

export const SIGNING_ALGORITHM = 'EdDSA';

/** Makes a key that signs from then on and stores it, its private half sealed. Answers its id (RFC 7638). */
export async function makeKey(
  tx: PoolClient,
  { encryption, signsFrom }: { encryption: KeyEncryption; signsFrom: Date },
): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, {
    crv: 'Ed25519',
    extractable: true,
  });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const half = encryption.seal(kid, await exportJWK(privateKey));
  await insertKey(tx, { kid, publicJwk, half, signsFrom });
  return kid;
}
