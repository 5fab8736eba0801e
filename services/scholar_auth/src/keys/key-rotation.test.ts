import { createTokenVerifier, type TokenVerifier } from '@scholar/runtime/auth';
import { exportJWK, generateKeyPair } from 'jose';
import { type AuthRig, createAuthDatabase, KEY_ENCRYPTION_KEY, startAuth } from '../testing/auth-rig.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NEW_KEY = 'another-key-encryption-key-of-the-tests-0123';
let rig: AuthRig;

beforeEach(async () => {
  rig = await startAuth();
});
afterEach(() => rig.stop());

/** Another service: it knows only the address, and starts once. */
const otherService = (): TokenVerifier =>
  createTokenVerifier({ jwksUrl: `${rig.url}/.well-known/jwks.json`, clock: rig.clock });
const token = () => rig.serviceToken('student_pilot');
const kidOf = (jwt: string): string =>
  JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()).kid;
const published = async (): Promise<string[]> => (await rig.keys.jwks()).keys.map(({ kid }) => String(kid));
const rows = async () =>
  (await rig.db.pool.query('SELECT *, s::text AS everything FROM signing_keys s ORDER BY signs_from')).rows;

describe('a rotation', () => {
  test('is published before it signs, leaves every token valid, and needs no restart of anybody', async () => {
    const verifier = otherService();
    const before = await token();
    await verifier.verify(before);
    const { kid } = await rig.rotation.rotate('announced');
    expect(await published()).toContain(kid);
    expect(kidOf(await token())).toBe(kidOf(before));
    await rig.clock.advance(20 * MINUTE - 1_000);
    const last = await token();
    expect(kidOf(last)).toBe(kidOf(before));
    await rig.clock.advance(1_000);
    const after = await token();
    expect(kidOf(after)).toBe(kid);
    expect(await verifier.verify(last)).toMatchObject({ label: 'student_pilot' });
    expect(await verifier.verify(after)).toMatchObject({ label: 'student_pilot' });
  });

  test('at once makes new tokens that others believe within the cooldown, and old ones stay valid', async () => {
    const verifier = otherService();
    const before = await token();
    await verifier.verify(before);
    const { kid } = await rig.rotation.rotate('at_once');
    await rig.clock.advance(10_000);
    const after = await token();
    expect(kidOf(after)).toBe(kid);
    expect(await verifier.verify(after)).toMatchObject({ label: 'student_pilot' });
    expect(await verifier.verify(before)).toMatchObject({ label: 'student_pilot' });
  });

  test('that withdraws the others leaves no token of theirs valid', async () => {
    const verifier = otherService();
    const stolen = await token();
    await verifier.verify(stolen);
    await rig.rotation.rotate('withdraw');
    await rig.clock.advance(10_000);
    await verifier.verify(await token());
    await expect(verifier.verify(stolen)).rejects.toThrow('not in use');
  });

  test('comes by itself when the key is old, once for all replicas, and the old key goes when its tokens have', async () => {
    const other = await startAuth({}, { db: rig.db, clock: rig.clock });
    const first = kidOf(await token());
    await rig.clock.advance(90 * DAY - 20 * MINUTE);
    await Promise.all([rig, other, rig, other].map(({ rotation }) => rotation.upkeep()));
    expect(await rows()).toHaveLength(2);
    // Twenty minutes until the other signs, ten of token, ten for stragglers.
    await rig.clock.advance(40 * MINUTE - 1);
    await rig.rotation.upkeep();
    expect(await published()).toContain(first);
    const [old] = await rows();
    expect([old?.kid, old?.private_sealed, old?.private_jwk]).toEqual([first, null, null]);
    await rig.clock.advance(1);
    await rig.rotation.upkeep();
    expect(await published()).toEqual([kidOf(await token())]);
    await other.stop();
  });

  test('does not come by itself where it is turned off', async () => {
    const still = await startAuth({ SIGNING_KEY_DAYS: '0' });
    await still.keys.current();
    await still.clock.advance(3_650 * DAY);
    await still.rotation.upkeep();
    expect((await still.keys.jwks()).keys).toHaveLength(1);
    await still.stop();
  });
});

describe('KEY_ENCRYPTION_KEY', () => {
  test('the database alone signs nothing', async () => {
    await token();
    const [row] = await rows();
    expect(row).toMatchObject({ private_jwk: null, private_sealed: expect.any(Buffer) });
    expect(row?.everything).not.toContain('"d"');
  });

  test('a key that a release back left unsealed signs on, is sealed at start, and keeps its id', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    await rig.db.pool.query('INSERT INTO signing_keys (kid, public_jwk, private_jwk) VALUES ($1, $2, $3)', [
      'of-a-release-back',
      await exportJWK(publicKey),
      await exportJWK(privateKey),
    ]);
    rig.setKeyEncryptionKey(undefined);
    expect(kidOf(await token())).toBe('of-a-release-back');
    rig.setKeyEncryptionKey(KEY_ENCRYPTION_KEY);
    await rig.rotation.upkeep();
    expect((await rows())[0]).toMatchObject({ private_jwk: null, private_sealed: expect.any(Buffer) });
    expect(kidOf(await token())).toBe('of-a-release-back');
  });

  test('a release back takes sealed keys as retired, makes its own, and that one ends when this release is back', async () => {
    const first = kidOf(await token());
    const seen = await rig.db.pool.query('SELECT kid FROM signing_keys WHERE retired_at IS NULL');
    expect(seen.rows).toEqual([]);
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const [x, d] = [await exportJWK(publicKey), await exportJWK(privateKey)];
    await rig.db.pool.query(
      `INSERT INTO signing_keys (kid, public_jwk, private_jwk) VALUES ('meanwhile', $1, $2)`,
      [x, d],
    );
    await rig.rotation.upkeep();
    expect((await published()).toSorted()).toEqual([first, 'meanwhile'].toSorted());
    expect(kidOf(await token())).toBe(first);
    expect((await rows()).find(({ kid }) => kid === 'meanwhile')).toMatchObject({ private_jwk: null });
  });

  test('is changed with both at hand: what the old one sealed is sealed with the new one, and the old one can go', async () => {
    const first = kidOf(await token());
    rig.setKeyEncryptionKey(`${NEW_KEY},${KEY_ENCRYPTION_KEY}`);
    await rig.rotation.upkeep();
    const alone = await startAuth({ KEY_ENCRYPTION_KEY: NEW_KEY }, { db: rig.db });
    expect(kidOf(await alone.serviceToken('student_pilot'))).toBe(first);
    await expect(alone.keys.assertOpen()).resolves.toBeUndefined();
    await alone.stop();
  });

  test('a wrong one is a refusal to be ready that says what to do; nothing is lost, and the right one heals it without a restart', async () => {
    const first = kidOf(await token());
    const kept = await rows();
    const wrong = await startAuth({ KEY_ENCRYPTION_KEY: NEW_KEY }, { db: rig.db });
    await expect(wrong.keys.assertOpen()).rejects.toThrow('KEY_ENCRYPTION_KEY is not the key');
    await expect(wrong.rotation.upkeep()).rejects.toThrow('KEY_ENCRYPTION_KEY is not the key');
    expect(wrong.keys.findings()).toEqual([expect.stringContaining('give that one again')]);
    expect((await wrong.keys.jwks()).keys.map(({ kid }) => kid)).toEqual([first]);
    await expect(wrong.keys.current()).rejects.toMatchObject({ status: 503, code: 'not_configured' });
    expect(await rows()).toEqual(kept);
    wrong.setKeyEncryptionKey(KEY_ENCRYPTION_KEY);
    await expect(wrong.keys.assertOpen()).resolves.toBeUndefined();
    expect(kidOf(await wrong.serviceToken('student_pilot'))).toBe(first);
    await wrong.stop();
  });

  test('one that becomes wrong while the service runs is a finding, and signing goes on with what was read', async () => {
    const first = kidOf(await token());
    rig.setKeyEncryptionKey(NEW_KEY);
    await rig.keys.reload();
    expect(kidOf(await token())).toBe(first);
    await expect(rig.keys.assertOpen()).resolves.toBeUndefined();
    expect(rig.keys.findings()).toEqual([expect.stringContaining('KEY_ENCRYPTION_KEY')]);
  });

  test('without one no key is made in the clear: tokens wait for it, and come as soon as it is there', async () => {
    const db = await createAuthDatabase();
    const bare = await startAuth({}, { db });
    bare.setKeyEncryptionKey(undefined);
    await expect(bare.keys.current()).rejects.toMatchObject({ status: 503, code: 'not_configured' });
    await expect(bare.keys.assertOpen()).resolves.toBeUndefined();
    expect((await fetch(`${bare.url}/.well-known/jwks.json`)).status).toBe(503);
    bare.setKeyEncryptionKey(KEY_ENCRYPTION_KEY);
    expect((await fetch(`${bare.url}/.well-known/jwks.json`)).status).toBe(200);
    await bare.stop();
    await db.drop();
  });

  test('that is lost costs no session: a rotation at once signs with a key under the new one', async () => {
    const before = await token();
    const other = await startAuth({ KEY_ENCRYPTION_KEY: NEW_KEY }, { db: rig.db, clock: rig.clock });
    await other.rotation.rotate('at_once');
    const verifier = createTokenVerifier({
      jwksUrl: `${other.url}/.well-known/jwks.json`,
      clock: other.clock,
    });
    expect(await verifier.verify(await other.serviceToken('student_pilot'))).toMatchObject({
      kind: 'service',
    });
    expect(await verifier.verify(before)).toMatchObject({ kind: 'service' });
    await other.stop();
  });
});
