import {
  principalFromClaims,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TokenInvalid,
  type TokenVerifier,
} from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { SIGNING_ALGORITHM } from '../keys/make-key.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';

/** Checks our own tokens by the keys at hand. The verifier of the other services would ask us over HTTP. */
export function createLocalVerifier(deps: { keys: SigningKeys; clock: Clock }): TokenVerifier {
  return {
    async verify(token) {
      const keySet = createLocalJWKSet(await deps.keys.jwks());
      const verified = await jwtVerify(token, keySet, {
        algorithms: [SIGNING_ALGORITHM],
        typ: 'at+jwt',
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
        currentDate: new Date(deps.clock.now()),
      }).catch((cause: unknown) => {
        throw new TokenInvalid('The token is not a valid access token of scholar_auth. Get a new one.', {
          cause,
        });
      });
      const principal = principalFromClaims(verified.payload);
      if (!principal) throw new Error('a token that we signed has claims that are not ours');
      return principal;
    },
  };
}
