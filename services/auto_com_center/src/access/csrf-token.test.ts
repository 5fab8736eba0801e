import { csrfTokenOf, isCsrfToken } from './csrf-token.ts';

test('a token belongs to one cookie only, and tells nothing of it', () => {
  const token = csrfTokenOf('secret-of-a-cookie');
  expect(token).not.toContain('secret');
  expect(isCsrfToken(token, 'secret-of-a-cookie')).toBe(true);
  for (const [given, secret] of [
    [token, 'another'],
    [token, undefined],
    [token.slice(1), 'secret-of-a-cookie'],
    ['', 'secret-of-a-cookie'],
    [undefined, 'secret-of-a-cookie'],
    [[token], 'secret-of-a-cookie'],
  ] as const)
    expect(isCsrfToken(given, secret)).toBe(false);
});
