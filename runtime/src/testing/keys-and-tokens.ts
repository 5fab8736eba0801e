import type { StubAnswer, StubRequest } from './http-stub.ts';
import type { TestIdentity } from './test-identity.ts';

/**
 * What a stub in scholar_auth's place answers for keys and service tokens: what the identity of the tests does. Undefined
 * for every other path, which the test itself answers.
 */
export async function keysAndTokens(
  { path, method, headers }: StubRequest,
  identity: TestIdentity,
): Promise<StubAnswer | undefined> {
  if (path !== '/.well-known/jwks.json' && path !== '/oauth/token') return undefined;
  const { authorization } = headers;
  const response = await fetch(`${identity.url}${path}`, {
    method,
    headers: authorization ? { authorization } : {},
  });
  return { status: response.status, body: await response.json() };
}
