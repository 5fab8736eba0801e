import { randomUUID } from 'node:crypto';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import { SignJWT } from 'jose';
import { SIGNING_ALGORITHM } from '../keys/make-key.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';

export type AccessTokenClaims = {
  /** A user id, or an app label for a service. */
  subject: string;
  kind: 'user' | 'service';
  roles: readonly string[];
  label?: string;
  /** Of a user: whether the address is proven; stands in the token as `email_verified`. */
  emailVerified?: boolean;
};

/** `expires_in` in seconds. */
export type IssuedToken = { access_token: string; token_type: 'Bearer'; expires_in: number };

export interface AccessTokens {
  issue(claims: AccessTokenClaims): Promise<IssuedToken>;
}

/** Signs access tokens: JWT, EdDSA, `typ: at+jwt` (RFC 9068), claims iss, aud, sub, kind, roles, label, email_verified, iat, exp, jti. */
export function createAccessTokens(deps: { keys: SigningKeys; clock: Clock; ttlMs: number }): AccessTokens {
  const lifetime = Math.floor(deps.ttlMs / 1000);
  return {
    async issue({ subject, kind, roles, label, emailVerified }) {
      const { kid, key } = await deps.keys.current();
      const issuedAt = Math.floor(deps.clock.now() / 1000);
      const claims = {
        ...{ kind, roles: [...roles] },
        ...(label === undefined ? {} : { label }),
        ...(emailVerified === undefined ? {} : { email_verified: emailVerified }),
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid, typ: 'at+jwt' })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
        .setJti(randomUUID())
        .sign(key);
      return { access_token: token, token_type: 'Bearer', expires_in: lifetime };
    },
  };
}
