import type { Clock } from '@scholar/runtime/clock';
import type { PoolClient } from 'pg';
import { type Admitted, chargeBucket } from '../login/throttle.ts';
import type { MailPurpose } from './letters.ts';
import { queueMailByAddress } from './mail-queue-store.ts';

export type MailLimits = { perAddress: number; perClient: number; windowMs: number };

/** Asks for a mail to an address. Answers alike whether the address has an account or not. */
export type RequestMail = (request: {
  emailHash: string;
  client: string | undefined;
  purpose: MailPurpose;
}) => Promise<Admitted>;

/**
 * Counts and queues in one transaction: with an account or without, one commit has to reach the disk, and the mail
 * itself leaves later. So neither the answer nor its time tells whether there is an account.
 */
export function createMailRequests(deps: {
  withTransaction: <T>(work: (tx: PoolClient) => Promise<T>) => Promise<T>;
  clock: Clock;
  limits: MailLimits;
  onQueued: () => void;
}): RequestMail {
  const { withTransaction, clock, limits, onQueued } = deps;
  return async ({ emailHash, client, purpose }) => {
    const now = new Date(clock.now());
    const charge = (tx: PoolClient, bucket: string, limit: number) =>
      chargeBucket(tx, { bucket, limit, now, windowMs: limits.windowMs });
    const admitted = await withTransaction(async (tx) => {
      const byClient: Admitted = client
        ? await charge(tx, `mail-client:${client}`, limits.perClient)
        : { ok: true };
      const both = byClient.ok ? await charge(tx, `mail:${emailHash}`, limits.perAddress) : byClient;
      if (both.ok) {
        await queueMailByAddress(tx, { emailHash, purpose, at: now, unverified: purpose === 'verify' });
      }
      return both;
    });
    if (admitted.ok) onQueued();
    return admitted;
  };
}
