import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { FakeClock } from '../clock/index.ts';
import { createTokenVerifier, TokenInvalid, VerifierUnavailable } from './index.ts';

type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A scholar_auth of which only the key set answers, and which counts how often it is asked. */
class FakeIssuer {
  readonly keys: JWK[] = [];
  asked = 0;
  down = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((_request, response) => {
      this.asked += 1;
      if (this.down) response.writeHead(503).end();
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/.well-known/jwks.json`;
  }

  async addKey(kid: string): Promise<SigningKey> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    this.keys.push({ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' });
    return privateKey;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const clock = new FakeClock(Date.UTC(2026, 5, 1));
let issuer: FakeIssuer;
let jwksUrl: string;
let key: SigningKey;
beforeEach(async () => {
  issuer = new FakeIssuer();
  jwksUrl = await issuer.listen();
  key = await issuer.addKey('k1');
});
afterEach(() => issuer.close());

type Changes = {
  kid?: string;
  typ?: string;
  iss?: string;
  aud?: string;
  expiresInS?: number;
  claims?: object;
};

function sign(signingKey: SigningKey, changes: Changes = {}): Promise<string> {
  const { kid = 'k1', typ = 'at+jwt', iss = 'scholar_auth', aud = 'scholar', expiresInS = 600 } = changes;
  const nowS = Math.floor(clock.now() / 1_000);
  return new SignJWT({ kind: 'user', roles: ['student'], ...changes.claims })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ })
    .setIssuer(iss)
    .setAudience(aud)
    .setSubject('u-1')
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + expiresInS)
    .sign(signingKey);
}

const verifierOf = (options = {}) => createTokenVerifier({ jwksUrl, clock, ...options });

describe('createTokenVerifier', () => {
  test('tells who a token is for', async () => {
    expect(await verifierOf().verify(await sign(key))).toEqual({
      subject: 'u-1',
      kind: 'user',
      roles: ['student'],
    });
    const service = await sign(key, {
      claims: { kind: 'service', roles: ['service'], label: 'auto_page_maker' },
    });
    expect(await verifierOf().verify(service)).toMatchObject({ kind: 'service', label: 'auto_page_maker' });
  });

  test.each<[string, Changes]>([
    ['an expired token', { expiresInS: -10 }],
    ['another issuer', { iss: 'evil' }],
    ['another audience', { aud: 'elsewhere' }],
    ['a token of another type', { typ: 'rt+jwt' }],
    ['claims that are not of our shape', { claims: { roles: 'student' } }],
    ['a token that calls itself a canary', { claims: { kind: 'canary', roles: ['canary'] } }],
  ])('refuses %s', async (_case, changes) => {
    await expect(verifierOf().verify(await sign(key, changes))).rejects.toThrow(TokenInvalid);
  });

  test('refuses an unsigned token, a symmetric one and nonsense', async () => {
    const { publicKey } = await generateKeyPair('EdDSA');
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)));
    const symmetric = new SignJWT({ kind: 'user', roles: [] }).setProtectedHeader({
      alg: 'HS256',
      kid: 'k1',
    });
    const forged = [new UnsecuredJWT({ sub: 'u-1' }).encode(), await symmetric.sign(secret), 'a.b.c', ''];
    for (const token of forged) await expect(verifierOf().verify(token)).rejects.toThrow(TokenInvalid);
  });

  test('asks for the keys once, and once seen they outlive the issuer', async () => {
    const verifier = verifierOf();
    await Promise.all([verifier.verify(await sign(key)), verifier.verify(await sign(key))]);
    expect(issuer.asked).toBe(1);
    issuer.down = true;
    await clock.advance(24 * 3_600_000);
    await expect(verifier.verify(await sign(key))).resolves.toMatchObject({ subject: 'u-1' });
  });

  test('a new key is found when a token names it', async () => {
    const verifier = verifierOf();
    await verifier.verify(await sign(key));
    const next = await issuer.addKey('k2');
    await clock.advance(10_000);
    await expect(verifier.verify(await sign(next, { kid: 'k2' }))).resolves.toMatchObject({ subject: 'u-1' });
  });

  test('forged key ids cannot make it hammer the issuer', async () => {
    const verifier = verifierOf();
    const { privateKey } = await generateKeyPair('EdDSA');
    for (const kid of ['x1', 'x2', 'x3', 'x4']) {
      await expect(verifier.verify(await sign(privateKey, { kid }))).rejects.toThrow(
        'a key that is not in use',
      );
    }
    expect(issuer.asked).toBe(1);
  });

  test('without any key ever seen it says so, asks no more than once per cooldown, and recovers', async () => {
    issuer.down = true;
    const verifier = verifierOf();
    const token = await sign(key);
    await expect(verifier.verify(token)).rejects.toThrow(VerifierUnavailable);
    await expect(verifier.verify(token)).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect(issuer.asked).toBe(1);
    issuer.down = false;
    await clock.advance(10_000);
    await expect(verifier.verify(await sign(key))).resolves.toMatchObject({ subject: 'u-1' });
  });

  test('keys that were kept serve a start while the issuer is down, and the issuer is asked again', async () => {
    let saved: JSONWebKeySet | undefined;
    const kept = {
      load: async () => saved,
      async save(keys: JSONWebKeySet) {
        saved = keys;
      },
    };
    await verifierOf({ kept }).verify(await sign(key));
    issuer.down = true;
    const restarted = verifierOf({ kept });
    await expect(restarted.verify(await sign(key))).resolves.toMatchObject({ subject: 'u-1' });
    issuer.down = false;
    const next = await issuer.addKey('k2');
    await clock.advance(10_000);
    await expect(restarted.verify(await sign(next, { kid: 'k2' }))).resolves.toMatchObject({
      subject: 'u-1',
    });
  });

  test('a place for keys that fails is no reason to refuse a token', async () => {
    const fails = () => Promise.reject(new Error('the database is away'));
    const kept = { load: fails, save: fails };
    await expect(verifierOf({ kept }).verify(await sign(key))).resolves.toMatchObject({ subject: 'u-1' });
    issuer.down = true;
    await expect(verifierOf({ kept }).verify(await sign(key))).rejects.toThrow(VerifierUnavailable);
  });

  test('an issuer that hangs costs at most the timeout', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const verifier = verifierOf({ jwksUrl: url, timeoutMs: 50 });
    await expect(verifier.verify(await sign(key))).rejects.toThrow(VerifierUnavailable);
    silent.closeAllConnections();
    silent.close();
  });
});
