import { createEmailVault, normalizeEmail } from './email-vault.ts';

const vault = createEmailVault('k'.repeat(32));
const userId = '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d';

describe('addresses', () => {
  test('one address has one hash, however it is spelt', () => {
    expect(normalizeEmail('  Ada@Example.COM ')).toBe('ada@example.com');
    expect(vault.hash(' Ada@Example.COM')).toBe(vault.hash('ada@example.com'));
    expect(vault.hash('ada@example.com')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('another key gives another hash and another fingerprint', () => {
    const other = createEmailVault('o'.repeat(32));
    expect(other.hash('ada@example.com')).not.toBe(vault.hash('ada@example.com'));
    expect(other.keyFingerprint).not.toBe(vault.keyFingerprint);
  });

  test('a sealed address opens with its key for its user, and nowhere else', () => {
    const sealed = vault.seal('Ada@example.com', userId);
    expect(sealed.includes('ada')).toBe(false);
    expect(vault.open(sealed, userId)).toBe('ada@example.com');
    expect(() => vault.open(sealed, 'someone-else')).toThrow();
    expect(() => createEmailVault('o'.repeat(32)).open(sealed, userId)).toThrow();
  });
});
