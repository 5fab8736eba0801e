import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import { countUsersOfOtherKeys } from '../users/user-store.ts';
import type { VaultSource } from './vault-source.ts';

/**
 * Notices accounts that were made under another EMAIL_HASH_KEY: their address hashes to something else now, so their
 * owners cannot sign in, and would be made anew. Looked at when the service starts.
 */
export function createKeyDrift(deps: {
  pool: Pool;
  log: Logger;
  vault: VaultSource;
  hasKey: () => boolean;
}): {
  start(): Promise<void>;
  findings(): string[];
} {
  let stranded = 0;
  return {
    async start() {
      if (!deps.hasKey()) return;
      try {
        stranded = await countUsersOfOtherKeys(deps.pool, deps.vault().keyFingerprint);
      } catch (err) {
        deps.log.warn({ err }, 'accounts of other keys could not be counted');
      }
      for (const finding of sentence(stranded)) deps.log.warn(finding);
    },
    findings: () => sentence(stranded),
  };
}

function sentence(stranded: number): string[] {
  if (stranded === 0) return [];
  return [
    `${stranded} accounts were made under another EMAIL_HASH_KEY and cannot sign in: set that key again (users.email_key holds its fingerprint)`,
  ];
}
