import { judgeRefresh } from './judge-refresh.ts';

const now = Date.UTC(2026, 0, 1);
const family = {
  familyId: 'f',
  userId: 'u',
  roles: ['student' as const],
  emailVerified: false,
  usedAt: null,
  revokedAt: null,
  expiresAt: new Date(now + 1),
};

test.each([
  ['a fresh token rotates', family, 'rotate'],
  ['a token that nobody issued is unknown', undefined, 'unknown'],
  ['a used token is reuse', { ...family, usedAt: new Date(now) }, 'reused'],
  [
    'a token of a revoked family stays revoked',
    { ...family, usedAt: new Date(now), revokedAt: new Date(now) },
    'revoked',
  ],
  ['a token is expired from its last millisecond on', { ...family, expiresAt: new Date(now) }, 'expired'],
])('%s', (_promise, state, verdict) => {
  expect(judgeRefresh(state, now)).toBe(verdict);
});
