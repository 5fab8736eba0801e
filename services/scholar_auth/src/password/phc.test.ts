import { formatPhc, parsePhc } from './phc.ts';

describe('PHC strings', () => {
  test('reads the string that the reference implementation writes', () => {
    const reference =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    const parsed = parsePhc(reference);
    expect(parsed?.cost).toEqual({ memoryKib: 65536, passes: 2, lanes: 1 });
    expect(parsed?.salt.toString()).toBe('somesalt');
    expect(parsed && formatPhc(parsed)).toBe(reference);
  });

  test('other algorithms, versions and shapes are not understood', () => {
    for (const text of [
      '',
      'password',
      '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '$2b$12$abcdefghijklmnopqrstuv',
    ]) {
      expect(parsePhc(text)).toBeUndefined();
    }
  });
});
