import { z } from 'zod';
import { refundedChargeSchema, refundSchema } from '../webhook/stripe-event.ts';
import type { OwnBooks, StripeBooks } from './books.ts';
import type { Difference } from './differences.ts';
import { inBatches } from './in-batches.ts';
import type { Patience } from './patience.ts';
import { replay } from './replay.ts';

const refundWithCharge = refundSchema.extend({
  charge: refundedChargeSchema.extend({ id: z.string(), livemode: z.boolean() }),
});
type RefundWithCharge = z.output<typeof refundWithCharge>;

type Look = {
  own: OwnBooks;
  books: StripeBooks;
  fromS: number;
  nowMs: number;
  patience: Patience;
  signal: AbortSignal;
};

/** What Stripe has given back of a payment against what is written down; what differs for the grace is taken from Stripe. */
export async function compareRefunds(look: Look): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const raw of inBatches(look.books.refunds(look.fromS))) {
    if (look.signal.aborted) break;
    const refunds = raw.flatMap((one) => refundWithCharge.safeParse(one).data ?? []);
    const byCharge = Map.groupBy(refunds, ({ charge }) => charge.id);
    const here = await look.own.givenBack(refunds.map(({ payment_intent }) => payment_intent));
    for (const [chargeId, [first, ...more]] of byCharge) {
      const known = first && here.get(first.payment_intent);
      // A payment that is not here is none of ours, or is written down by this look.
      if (first === undefined || known === undefined || known === first.charge.amount_refunded) continue;
      if (!look.patience.isOver(`${chargeId} ${first.charge.amount_refunded}`)) continue;
      found.push({ kind: 'other_refund', chargeId, outcome: await take(look, [first, ...more]) });
    }
  }
  return found;
}

/** Each refund of a charge as it stands now, and then the charge with its total. */
async function take({ own, nowMs }: Look, refunds: readonly RefundWithCharge[]): Promise<string> {
  const outcomes: string[] = [];
  const taken = async (type: string, object: { id: string }, livemode: boolean) => {
    const id = `${object.id}_${Math.floor(nowMs / 1000)}`;
    outcomes.push(await replay(own, { id, type, livemode, object, nowMs }));
  };
  for (const { charge, ...refund } of refunds) await taken('refund.updated', refund, charge.livemode);
  const [last] = refunds;
  if (last !== undefined) await taken('charge.refunded', last.charge, last.charge.livemode);
  return [...new Set(outcomes)].join(' and ');
}
