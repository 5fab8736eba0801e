import type { StripeEvent } from '../webhook/stripe-event.ts';
import type { OwnBooks } from './books.ts';

/**
 * Takes an object of Stripe as if its webhook came now, under an id that Stripe never gives. What it causes happens once:
 * a webhook that comes later finds the session paid, and of a refund the latest total counts.
 * @returns the outcome, for the finding
 */
export async function replay(
  { receive }: Pick<OwnBooks, 'receive'>,
  what: { id: string; type: string; livemode: boolean; object: object; nowMs: number },
): Promise<string> {
  const event: StripeEvent = {
    id: `reconciled_${what.id}`,
    object: 'event',
    type: what.type,
    livemode: what.livemode,
    created: Math.floor(what.nowMs / 1000),
    data: { object: { ...what.object } },
  };
  const received = await receive(event);
  return received.duplicate ? 'the same as before' : received.outcome;
}
