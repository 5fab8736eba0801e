import { createHash } from 'node:crypto';

/** 12 hex of the SHA-256 over the JSON text of facts in a fixed order: enough to tell settings apart, and no way back to them. */
export function shortHash(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12);
}
