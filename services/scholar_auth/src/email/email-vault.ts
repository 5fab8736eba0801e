import { createHmac } from 'node:crypto';
import { keyFingerprint } from '@scholar/contract';
import { createSealing } from '../crypto/sealing.ts';

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
  /** Sealed under a key derived from EMAIL_HASH_KEY, bound to the user. */
  seal(address: string, userId: string): Buffer;
  /** The address again. Throws when the key, the user or the bytes are not those of {@link EmailVault.seal}. */
  open(sealed: Buffer, userId: string): string;
  /** Like {@link EmailVault.seal}, for a text that is kept as it is. */
  sealText(text: string, boundTo: string): Buffer;
}

export function createEmailVault(key: string): EmailVault {
  const sealing = createSealing(key, 'scholar_auth sealed email v1');
  return {
    keyFingerprint: keyFingerprint(key),
    hash: (address) => createHmac('sha256', key).update(normalizeEmail(address)).digest('hex'),
    seal: (address, userId) => sealing.seal(normalizeEmail(address), userId),
    sealText: sealing.seal,
    open: sealing.open,
  };
}
