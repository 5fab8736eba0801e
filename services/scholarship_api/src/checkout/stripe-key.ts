/** What a Stripe key is good for in this environment. A missing or wrong key is a finding, never a failed start. */
export type StripeKeyVerdict =
  | { usable: true; key: string; mode: 'test' | 'live' }
  | { usable: false; code: 'stripe_not_configured' | 'stripe_key_refused'; finding: string };

const KEY = /^(?:sk|rk)_(test|live)_[A-Za-z0-9]+$/;

/**
 * Judges STRIPE_SECRET_KEY. Accepted: sk_ and rk_ keys (https://docs.stripe.com/keys); live keys in production only and
 * test keys outside it only, so that the two modes never mix.
 * @returns a finding that never quotes the key.
 */
export function judgeStripeKey(
  key: string | undefined,
  environment: 'staging' | 'production',
): StripeKeyVerdict {
  if (key === undefined || key.trim() === '') {
    return {
      usable: false,
      code: 'stripe_not_configured',
      finding:
        'STRIPE_SECRET_KEY is missing: set it (or STRIPE_SECRET_KEY_FILE) to a key of your Stripe account and try again',
    };
  }
  const mode = KEY.exec(key)?.[1];
  if (mode !== 'test' && mode !== 'live') {
    return {
      usable: false,
      code: 'stripe_key_refused',
      finding:
        'STRIPE_SECRET_KEY is malformed: expected sk_test_…, rk_test_…, sk_live_… or rk_live_… without spaces or line breaks',
    };
  }
  const wanted = environment === 'production' ? 'live' : 'test';
  if (mode === wanted) return { usable: true, key, mode };
  return {
    usable: false,
    code: 'stripe_key_refused',
    finding: `STRIPE_SECRET_KEY is a ${mode} key, but ENVIRONMENT is ${environment}: use a ${wanted} key`,
  };
}
