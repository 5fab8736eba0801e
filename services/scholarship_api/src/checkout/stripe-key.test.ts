import { judgeStripeKey } from './stripe-key.ts';

test.each([
  ['sk_test_abc123', 'staging', 'test'],
  ['rk_test_abc123', 'staging', 'test'],
  ['sk_live_abc123', 'production', 'live'],
  ['rk_live_abc123', 'production', 'live'],
] as const)('%s is good in %s', (key, environment, mode) => {
  expect(judgeStripeKey(key, environment)).toEqual({ usable: true, key, mode });
});

test.each([
  [undefined, 'staging', 'stripe_not_configured', 'missing'],
  ['', 'staging', 'stripe_not_configured', 'missing'],
  ['pk_test_abc123', 'staging', 'stripe_key_refused', 'malformed'],
  ['sk_test_abc 123', 'staging', 'stripe_key_refused', 'malformed'],
  ['whsec_abc123', 'staging', 'stripe_key_refused', 'malformed'],
  ['sk_live_abc123', 'staging', 'stripe_key_refused', 'use a test key'],
  ['sk_test_abc123', 'production', 'stripe_key_refused', 'use a live key'],
] as const)('%s in %s is refused in words that do not repeat it', (key, environment, code, words) => {
  const verdict = judgeStripeKey(key, environment);
  expect(verdict).toMatchObject({ usable: false, code });
  const finding = 'finding' in verdict ? verdict.finding : '';
  expect(finding).toContain(words);
  if (key) expect(finding).not.toContain(key);
});
