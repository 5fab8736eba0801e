import { createHash, createHmac } from 'node:crypto';

/** Names a key without telling it, the same everywhere: 12 hex digits of HMAC-SHA256(key, "scholar fingerprint v1"). */
export function keyFingerprint(key: string): string {
  return createHmac('sha256', key).update('scholar fingerprint v1').digest('hex').slice(0, 12);
}

/** SHA-256 of a key as 64 hex digits: what the ring keeps instead of the key. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
