import { keyFingerprint } from '@scholar/contract';
import type { JWK } from 'jose';
import { createSealing } from '../crypto/sealing.ts';

/** A private half as it is stored: the ciphertext, and the fingerprint of the key that it was sealed with. */
export type SealedHalf = { sealed: Buffer; sealedWith: string };

/** What KEY_ENCRYPTION_KEY can do. */
export interface KeyEncryption {
  /** Fingerprint of the key that seals. */
  fingerprint: string;
  /** Seals a private half, bound to its key id. */
  seal(kid: string, privateJwk: JWK): SealedHalf;
  /** The private half; undefined where it was sealed with another key. @throws Error for altered bytes. */
  open(kid: string, half: SealedHalf): JWK | undefined;
}

/**
 * @param setting KEY_ENCRYPTION_KEY: one key, or `new,old` while the key is changed. The first one seals, each opens.
 */
export function createKeyEncryption(setting: string): KeyEncryption | undefined {
  const secrets = setting.split(',').flatMap((part) => part.trim() || []);
  const [first] = secrets;
  if (first === undefined) return undefined;
  const sealingOf = (secret: string) => createSealing(secret, 'scholar_auth signing keys v1');
  const own = sealingOf(first);
  const keys = new Map(secrets.map((secret) => [keyFingerprint(secret), sealingOf(secret)]));
  const fingerprint = keyFingerprint(first);
  return {
    fingerprint,
    seal: (kid, privateJwk) => ({
      sealed: own.seal(JSON.stringify(privateJwk), kid),
      sealedWith: fingerprint,
    }),
    open(kid, { sealed, sealedWith }) {
      const text = keys.get(sealedWith)?.open(sealed, kid);
      return text === undefined ? undefined : (JSON.parse(text) as JWK);
    },
  };
}

/** The encryption under the setting of this moment; deriving its keys takes a moment, so it is kept until it changes. */
export function createKeyEncryptionSource(
  current: () => string | undefined,
): () => KeyEncryption | undefined {
  let kept: { setting: string; encryption: KeyEncryption | undefined } | undefined;
  return () => {
    const setting = current();
    if (!setting) return undefined;
    if (kept?.setting !== setting) kept = { setting, encryption: createKeyEncryption(setting) };
    return kept.encryption;
  };
}
