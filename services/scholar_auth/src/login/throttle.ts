import type { Clock } from '@scholar/runtime/clock';
import type { Pool, PoolClient } from 'pg';
import { chargeAttempt, forgetAttempts, refundAttempt } from './throttle-store.ts';

/** Failures allowed in one window per address and per client, window in ms. */
export type ThrottleLimits = { perAddress: number; perClient: number; windowMs: number };

/** `client` is a keyed hash of the caller's address, or undefined where the caller is one of our own services. */
export type Attempt = { emailHash: string; client: string | undefined };

export type Admitted = { ok: true } | { ok: false; retryAfterS: number };

export interface LoginThrottle {
  /** Counts the attempt before the password is looked at, so that a parallel burst cannot slip through. */
  admit(attempt: Attempt): Promise<Admitted>;
  /** The password was right: the address starts afresh and the client gets its attempt back. */
  succeeded(attempt: Attempt): Promise<void>;
}

/**
 * Counts in PostgreSQL, so that two replicas share one count. An address that has no account is counted alike:
 * being limited says nothing about whether an account exists. The price: who knows an address can keep its owner
 * from signing in for one window.
 */
export function createLoginThrottle(deps: {
  pool: Pool;
  clock: Clock;
  limits: ThrottleLimits;
}): LoginThrottle {
  const { pool, clock, limits } = deps;

  const charge = (bucket: string, limit: number): Promise<Admitted> =>
    chargeBucket(pool, { bucket, limit, now: new Date(clock.now()), windowMs: limits.windowMs });

  return {
    async admit({ emailHash, client }) {
      const byClient = client ? await charge(clientBucket(client), limits.perClient) : { ok: true as const };
      return byClient.ok ? charge(addressBucket(emailHash), limits.perAddress) : byClient;
    },
    async succeeded({ emailHash, client }) {
      await forgetAttempts(pool, addressBucket(emailHash));
      if (client) await refundAttempt(pool, clientBucket(client));
    },
  };
}

/** Counts one attempt in a bucket and says whether it was within its limit. */
export async function chargeBucket(
  db: Pool | PoolClient,
  { limit, ...charge }: { bucket: string; limit: number; now: Date; windowMs: number },
): Promise<Admitted> {
  const { attempts, expiresAt } = await chargeAttempt(db, charge);
  if (attempts <= limit) return { ok: true };
  return {
    ok: false,
    retryAfterS: Math.max(1, Math.ceil((expiresAt.getTime() - charge.now.getTime()) / 1000)),
  };
}

/** Bucket of the failed sign-ins of one address. */
export const addressBucket = (emailHash: string): string => `address:${emailHash}`;
const clientBucket = (client: string): string => `client:${client}`;
