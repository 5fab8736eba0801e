import { keyFingerprint } from '@scholar/contract';
import { maskUrl } from '@scholar/runtime/config';

/** A wanted secret as a process that has it tells of it in /running. */
export interface WantedSecret {
  /** An address with its password masked; undefined for a plain key. */
  shown: string | undefined;
  /** Of the key, or of the password in the address; undefined = there is none. */
  fingerprint: string | undefined;
}

/** Pure. @param value undefined where the secret itself is missing. */
export function wantedSecret(value: string | undefined): WantedSecret {
  if (value === undefined || !value.includes('://'))
    return { shown: undefined, fingerprint: value === undefined ? undefined : keyFingerprint(value) };
  const { shown, hidden } = maskUrl(value);
  return { shown, fingerprint: hidden === undefined ? undefined : keyFingerprint(hidden) };
}
