import type { Environment } from '@scholar/contract';
import { type Examined, type Looked, unseen } from './examined.ts';

export interface StripeKeySeen {
  /** False for the sandbox of a trial. */
  real: boolean;
  mode: 'test' | 'live' | undefined;
  /** A key whose rights are chosen one by one in Stripe's dashboard. */
  restricted: boolean;
  /** undefined = it may; else what Stripe said. */
  refused: Readonly<Record<StripeRight, string | undefined>>;
}

/** Rights of a restricted key, in the words of Stripe's dashboard. */
const RIGHTS = {
  endpoints: 'webhook endpoints (read)',
  events: 'events (read)',
  sessions: 'checkout sessions (read)',
  refunds: 'charges and refunds (read)',
} as const;

export type StripeRight = keyof typeof RIGHTS;

/** What each app asks Stripe for by its key. */
export const STRIPE_USES: readonly [StripeUse<'scholarship_api'>, StripeUse<'provider_register'>] = [
  { label: 'scholarship_api', asks: ['endpoints'], why: 'the audit' },
  {
    label: 'provider_register',
    asks: ['events', 'sessions', 'refunds'],
    why: "the comparison with Stripe's books",
  },
];

interface StripeUse<L extends string> {
  label: L;
  asks: readonly StripeRight[];
  why: string;
}

const KEY = /^(sk|rk)_(test|live)_/;

/** Pure: what a key tells of itself by its prefix (https://docs.stripe.com/keys). */
export function keyKind(secretKey: string): Pick<StripeKeySeen, 'mode' | 'restricted'> {
  const found = KEY.exec(secretKey);
  return { mode: found?.[2] as StripeKeySeen['mode'], restricted: found?.[1] === 'rk' };
}

interface StripeLine {
  use: (typeof STRIPE_USES)[number];
  seen: Looked<StripeKeySeen>;
  environment: Environment;
}

/** Pure: has an app's key the right that the app uses, and is it of the right mode. */
export function stripeLine({ use, seen, environment }: StripeLine): Examined {
  const name = `Stripe key of ${use.label}`;
  if (seen.value === undefined) return unseen(name, seen.reason);
  const { real, mode, restricted, refused } = seen.value;
  const where = real ? `${mode ?? 'unknown'} mode${restricted ? ', restricted' : ''}` : 'sandbox';
  const wrongMode = modeTrouble({ real, mode, environment });
  if (wrongMode !== undefined) return { name, state: 'fail', ...wrongMode };
  const missing = use.asks.filter((right) => refused[right] !== undefined);
  const [first] = missing;
  if (first === undefined) return { name, state: 'ok', detail: `${where}; may read ${use.asks.join(', ')}` };
  const what = missing.map((right) => RIGHTS[right]).join(', ');
  const todo = restricted
    ? `give the restricted key ${what} in Stripe's dashboard; ${use.why} needs it`
    : `${use.why} needs ${what}; is the key still valid?`;
  const detail = `${where}; cannot read ${missing.join(', ')}: ${refused[first]}`;
  return { name, state: 'fail', detail, todo };
}

function modeTrouble({
  real,
  mode,
  environment,
}: Pick<StripeKeySeen, 'real' | 'mode'> & Pick<StripeLine, 'environment'>) {
  if (environment === 'production') {
    if (!real)
      return { detail: 'a sandbox in production', todo: 'take STRIPE_API_URL away and give a live key' };
    if (mode === 'test') return { detail: 'test mode in production', todo: 'give a live key' };
    return undefined;
  }
  if (mode !== 'live' || !real) return undefined;
  return {
    detail: `live mode in ${environment}: simulations would be real payments`,
    todo: 'give a test key',
  };
}
