import { errors, jwtVerify } from 'jose';
import type { Clock } from '../clock/index.ts';
import { KeySet, type KeySetOptions, VerifierUnavailable } from './key-set.ts';
import { type Principal, principalFromClaims } from './principal.ts';

export { VerifierUnavailable };

export const TOKEN_ISSUER = 'scholar_auth';
export const TOKEN_AUDIENCE = 'scholar';
const CLOCK_TOLERANCE_S = 5;

/** The token proves nothing: forged, expired, of another issuer or purpose. The message says which, for the caller. */
export class TokenInvalid extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'TokenInvalid';
  }
}

export interface TokenVerifier {
  /**
   * The principal of an access token.
   * @throws TokenInvalid, or VerifierUnavailable while no key of the issuer was ever seen.
   */
  verify(token: string): Promise<Principal>;
}

/**
 * Checks access tokens of scholar_auth: JWT, EdDSA only (a fixed list is the defence against algorithm confusion,
 * RFC 8725 section 3.1), type `at+jwt` (RFC 9068), issuer, audience, expiry.
 */
export function createTokenVerifier(
  options: Omit<KeySetOptions, 'clock'> & { clock: Clock; issuer?: string; audience?: string },
): TokenVerifier {
  const { issuer = TOKEN_ISSUER, audience = TOKEN_AUDIENCE, clock, ...keySetOptions } = options;
  const keys = new KeySet({ ...keySetOptions, clock });
  return {
    async verify(token) {
      const claims = await verifyClaims(token, { keys, issuer, audience, clock });
      const principal = principalFromClaims(claims);
      if (principal) return principal;
      throw new TokenInvalid('The token is signed, but does not say who it is for. Sign in again.');
    },
  };
}

async function verifyClaims(
  token: string,
  { keys, issuer, audience, clock }: { keys: KeySet; issuer: string; audience: string; clock: Clock },
): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, (header) => keys.find(header), {
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(clock.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof VerifierUnavailable) throw error;
    throw new TokenInvalid(explain(error), { cause: error });
  }
}

function explain(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired. Sign in again or refresh it.';
  if (error instanceof errors.JWKSNoMatchingKey) return 'The token is signed by a key that is not in use.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The token is not for this use (${error.claim}).`;
  return 'The token is not a valid access token of scholar_auth.';
}
