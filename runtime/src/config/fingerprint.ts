import { createHmac } from 'node:crypto';

/** 12 hex digits that tell two secrets apart without telling them (architecture, section 3, "Keys"). */
export function keyFingerprint(key: string): string {
  return createHmac('sha256', key).update('scholar fingerprint v1').digest('hex').slice(0, 12);
}
