import { createTokenVerifier } from '@scholar/runtime/auth';
import { type AuthRig, createAuthDatabase, startAuth } from '../testing/auth-rig.ts';

const ada = { email: 'ada@example.org', password: 'correct horse battery' };

async function published(rig: AuthRig): Promise<{ keys: Record<string, string>[]; cache: string | null }> {
  const response = await fetch(`${rig.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  return { keys, cache: response.headers.get('cache-control') };
}

describe('signing keys', () => {
  test('replicas that start together over an empty database use one key, and believe each other', async () => {
    const db = await createAuthDatabase();
    const rigs = await Promise.all([startAuth({}, { db }), startAuth({}, { db })]);
    const sets = await Promise.all([...rigs, ...rigs, ...rigs].map(published));
    expect(new Set(sets.map(({ keys }) => JSON.stringify(keys))).size).toBe(1);
    const [one, two] = rigs;
    if (!one || !two) throw new Error('two replicas were started');
    await one.post('/signup', ada);
    const { body } = await one.post('/login', ada);
    const verifier = createTokenVerifier({ jwksUrl: `${two.url}/.well-known/jwks.json`, clock: two.clock });
    const principal = await verifier.verify(String(body['access_token']));
    expect(principal).toMatchObject({ kind: 'user', roles: ['student'] });
    await Promise.all(rigs.map((rig) => rig.stop()));
    await db.drop();
  });

  test('only the public half is published, for caches to keep', async () => {
    const rig = await startAuth();
    const { keys, cache } = await published(rig);
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        x: expect.any(String),
        kid: expect.any(String),
      },
    ]);
    expect(cache).toContain('max-age=300');
    await rig.stop();
  });

  test('keys that were read once go on working while the database is away', async () => {
    const rig = await startAuth();
    await published(rig);
    await rig.db.pool.query('ALTER TABLE signing_keys RENAME TO signing_keys_away');
    await rig.clock.advance(31_000);
    for (let i = 0; i < 3; i += 1) expect((await published(rig)).keys).toHaveLength(1);
    await rig.stop();
  });
});
