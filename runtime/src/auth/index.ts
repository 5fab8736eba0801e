export { type AuthDeps, authenticate, authenticated, unauthorized } from './authenticate.ts';
export { type CanaryTokenOf, createCanaryTokenOf, refuseStrayCanary } from './canary-token-of.ts';
export { type KeptKeys, keptKeysIn } from './kept-keys.ts';
export {
  ANONYMOUS,
  actorOf,
  CANARY_PRINCIPAL,
  type Principal,
  principalFromClaims,
  SYSTEM,
  type TokenClaims,
} from './principal.ts';
export { principalOf, requireRole } from './require-role.ts';
export { createServiceTokens, type ServiceTokens, ServiceTokenUnavailable } from './service-tokens.ts';
export {
  clearSessionCookie,
  hostCookie,
  readCookie,
  readSessionCookie,
  SESSION_COOKIE,
  setSessionCookie,
} from './session-cookie.ts';
export {
  createTokenVerifier,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TokenInvalid,
  type TokenVerifier,
  VerifierUnavailable,
} from './token-verifier.ts';
