import { createKeyEncryption, type KeyEncryption } from './key-encryption.ts';

const OLD = 'o'.repeat(43);
const NEW = 'n'.repeat(43);
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'public', d: 'private' };

function under(setting: string): KeyEncryption {
  const encryption = createKeyEncryption(setting);
  if (!encryption) throw new Error('the setting holds a key');
  return encryption;
}

test('a sealed half shows nothing, and opens with its key for its key id', () => {
  const half = under(OLD).seal('k1', jwk);
  expect(half.sealed.toString('latin1')).not.toMatch(/private|Ed25519/);
  expect(under(OLD).open('k1', half)).toEqual(jwk);
  expect(() => under(OLD).open('k2', half)).toThrow();
});

test('with another key it stays shut, and that is no fault of the bytes', () => {
  expect(under(NEW).open('k1', under(OLD).seal('k1', jwk))).toBeUndefined();
});

test('altered bytes are an error, not a key', () => {
  const half = under(OLD).seal('k1', jwk);
  half.sealed[half.sealed.length - 1] = (half.sealed.at(-1) ?? 0) ^ 1;
  expect(() => under(OLD).open('k1', half)).toThrow();
});

test('while the key is changed both open, and the first one seals', () => {
  const both = under(` ${NEW}, ${OLD}`);
  expect(both.open('k1', under(OLD).seal('k1', jwk))).toEqual(jwk);
  expect(under(NEW).open('k1', both.seal('k1', jwk))).toEqual(jwk);
  expect(both.fingerprint).toBe(under(NEW).fingerprint);
});

test('commas alone are no key', () => {
  expect(createKeyEncryption(' , ')).toBeUndefined();
});
