import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '../auth/index.ts';
import { type Clock, systemClock } from '../clock/index.ts';
import { createHttpStub, type HttpStub } from './http-stub.ts';

/** A stand-in for scholar_auth: serves a key set, signs tokens, and gives a service token to whoever asks. */
export type TestIdentity = {
  /** For A1_URL. */
  url: string;
  stub: HttpStub;
  userToken(user?: { subject?: string; roles?: readonly string[] }): Promise<string>;
  serviceToken(label: string): Promise<string>;
  close(): Promise<void>;
};

/** @param clock of whoever is to believe the tokens. */
export async function createTestIdentity(clock: Pick<Clock, 'now'> = systemClock): Promise<TestIdentity> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' };
  const sign = (subject: string, claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'test' })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(new Date(clock.now()))
      .setExpirationTime(new Date(clock.now() + 600_000))
      .sign(privateKey);
  const serviceToken = (label: string) => sign(label, { kind: 'service', roles: ['service'], label });
  const stub = await createHttpStub(async ({ path, headers }) => {
    if (path === '/.well-known/jwks.json') return { status: 200, body: { keys: [jwk] } };
    if (path !== '/oauth/token') return { status: 404 };
    const basic = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    const access_token = await serviceToken(basic.split(':')[0] ?? '');
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: 600 } };
  });
  return {
    url: stub.url,
    stub,
    userToken: ({ subject = randomUUID(), roles = ['student'] } = {}) =>
      sign(subject, { kind: 'user', roles }),
    serviceToken,
    close: () => stub.close(),
  };
}
