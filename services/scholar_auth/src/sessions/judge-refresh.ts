import type { FamilyState } from './session-store.ts';

export type RefreshVerdict = 'rotate' | 'unknown' | 'revoked' | 'expired' | 'reused';

/**
 * What a presented refresh token means. A token that was used before is in two hands (RFC 9700, section 4.14.2):
 * nobody can tell the thief from the owner, so `reused` ends the whole family and both must sign in again.
 */
export function judgeRefresh(family: FamilyState | undefined, nowMs: number): RefreshVerdict {
  if (!family) return 'unknown';
  if (family.revokedAt) return 'revoked';
  if (family.expiresAt.getTime() <= nowMs) return 'expired';
  if (family.usedAt) return 'reused';
  return 'rotate';
}
