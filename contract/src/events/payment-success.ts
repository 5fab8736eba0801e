import { commonPayload, eventBody } from './envelope.ts';
import { amountCents, currency } from './fields.ts';

/** A6: Stripe reported a paid `checkout.session.completed`. */
export const paymentSuccess = eventBody(
  'PaymentSuccess',
  commonPayload.extend({ amount_cents: amountCents, currency }),
);
