import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { keyFingerprint } from '@scholar/contract';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Trimmed, NFC, lower case: the one spelling of an address that is hashed and sealed. */
export function normalizeEmail(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

/** Everything that needs EMAIL_HASH_KEY. Make one per request: the key's file may change while the process runs. */
export interface EmailVault {
  /** Fingerprint of the key, kept beside each hash so that a changed key can be noticed. */
  keyFingerprint: string;
  /** HMAC-SHA256 over the normalised address, 64 hex characters. The only form that leaves this service. */
  hash(address: string): string;
  /** AES-256-GCM under a key derived from EMAIL_HASH_KEY, bound to the user: iv (12) | tag (16) | ciphertext. */
  seal(address: string, userId: string): Buffer;
  /** The address again. Throws when the key, the user or the bytes are not those of {@link EmailVault.seal}. */
  open(sealed: Buffer, userId: string): string;
  /** Like {@link EmailVault.seal}, for a text that is kept as it is. */
  sealText(text: string, boundTo: string): Buffer;
}

export function createEmailVault(key: string): EmailVault {
  // HKDF's info separates the two uses, so that the published hashes say nothing about the cipher key.
  const cipherKey = Buffer.from(hkdfSync('sha256', key, '', 'scholar_auth sealed email v1', 32));

  function sealText(text: string, boundTo: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', cipherKey, iv).setAAD(Buffer.from(boundTo));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  return {
    keyFingerprint: keyFingerprint(key),
    hash: (address) => createHmac('sha256', key).update(normalizeEmail(address)).digest('hex'),
    seal: (address, userId) => sealText(normalizeEmail(address), userId),
    sealText,
    open(sealed, userId) {
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, sealed.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(userId))
        .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return text.toString('utf8');
    },
  };
}
