import { notConfigured } from '../http/problems.ts';
import { createEmailVault, type EmailVault } from './email-vault.ts';

/** The vault under the key of this moment. Throws 503 `not_configured` while there is no key. */
export type VaultSource = () => EmailVault;

/** Deriving the cipher key takes a moment, so one vault is kept until the key changes. */
export function createVaultSource(currentKey: () => string | undefined): VaultSource {
  let cached: { key: string; vault: EmailVault } | undefined;
  return () => {
    const key = currentKey();
    if (!key) throw notConfigured('EMAIL_HASH_KEY', 'accounts can neither be made nor found');
    if (cached?.key !== key) cached = { key, vault: createEmailVault(key) };
    return cached.vault;
  };
}
