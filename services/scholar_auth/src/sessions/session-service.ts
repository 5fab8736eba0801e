import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@scholar/runtime/clock';
import type { PoolClient } from 'pg';
import type { AccessTokens } from '../tokens/access-tokens.ts';
import type { Role } from '../users/user-store.ts';
import { judgeRefresh, type RefreshVerdict } from './judge-refresh.ts';
import {
  insertFamily,
  insertToken,
  lockFamilyOfToken,
  markTokenUsed,
  revokeFamiliesOf,
  revokeFamily,
} from './session-store.ts';

const TOKEN_BYTES = 32;

/** What a token says of a user. */
type Person = { userId: string; roles: Role[]; emailVerified: boolean };

/** The answer of /login and /refresh (RFC 6749, section 5.1); `expires_in` in seconds. */
export type TokenPair = {
  access_token: string;
  refresh_token: string;
  token_type: 'Bearer';
  expires_in: number;
};

export type RefreshOutcome =
  | { ok: true; tokens: TokenPair }
  | { ok: false; why: Exclude<RefreshVerdict, 'rotate'> };

export interface SessionService {
  /**
   * Starts a family of refresh tokens for a user who has just shown the password of this hash; undefined when the
   * password was changed meanwhile, or the user asked to be erased.
   */
  open(user: Person & { passwordHash: string }): Promise<TokenPair | undefined>;
  /** Uses the token up and answers the next pair; a token used before revokes its family. */
  refresh(refreshToken: string): Promise<RefreshOutcome>;
  /** Ends the session of this token. An unknown token is no error: afterwards it does not work either way. */
  close(refreshToken: string): Promise<void>;
  /** Ends all sessions of a user. Access tokens that are out live on until they expire. */
  closeAll(userId: string): Promise<void>;
}

export function createSessionService(deps: {
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  accessTokens: AccessTokens;
  clock: Clock;
  sessionTtlMs: number;
}): SessionService {
  const { withTransaction, accessTokens, clock } = deps;

  async function pair(user: Person, refreshToken: string): Promise<TokenPair> {
    const { userId: subject, roles, emailVerified } = user;
    const access = await accessTokens.issue({ subject, kind: 'user', roles, emailVerified });
    return { ...access, refresh_token: refreshToken };
  }

  return {
    async open(user) {
      const token = newToken();
      const family = {
        familyId: randomUUID(),
        userId: user.userId,
        passwordHash: user.passwordHash,
        expiresAt: new Date(clock.now() + deps.sessionTtlMs),
      };
      const opened = await withTransaction(async (tx) => {
        if (!(await insertFamily(tx, family))) return false;
        await insertToken(tx, family.familyId, hashOf(token));
        return true;
      });
      return opened ? pair(user, token) : undefined;
    },

    async refresh(presented) {
      const next = newToken();
      // The verdict is returned, not thrown: a throw would roll the revocation back.
      const { verdict, family } = await withTransaction(async (tx) => {
        const family = await lockFamilyOfToken(tx, hashOf(presented));
        const at = new Date(clock.now());
        const verdict = judgeRefresh(family, clock.now());
        if (family && verdict === 'rotate') {
          await markTokenUsed(tx, hashOf(presented), at);
          await insertToken(tx, family.familyId, hashOf(next));
        }
        if (family && verdict === 'reused') {
          await revokeFamily(tx, { familyId: family.familyId, reason: 'reuse', at });
        }
        return { verdict, family };
      });
      if (verdict !== 'rotate' || !family)
        return { ok: false, why: verdict === 'rotate' ? 'unknown' : verdict };
      return { ok: true, tokens: await pair(family, next) };
    },

    closeAll: (userId) =>
      withTransaction((tx) =>
        revokeFamiliesOf(tx, { userId, reason: 'everywhere', at: new Date(clock.now()) }),
      ),

    async close(presented) {
      await withTransaction(async (tx) => {
        const family = await lockFamilyOfToken(tx, hashOf(presented));
        if (!family) return;
        await revokeFamily(tx, { familyId: family.familyId, reason: 'logout', at: new Date(clock.now()) });
      });
    },
  };
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
