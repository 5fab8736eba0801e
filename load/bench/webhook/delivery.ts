import { createHmac } from 'node:crypto';

/** A webhook as it is sent: the body to the byte, and the header `stripe-signature`. */
export type Delivery = { body: string; signature: string };

/** The checkout session that an id stands for. */
export function sessionOf(id: string): string {
  return `cs_test_${id.replaceAll('-', '')}`;
}

/**
 * Makes deliveries of paid checkouts of one provider, one for each id: whole events of Stripe's size and indentation, signed
 * at the moment of sending (https://docs.stripe.com/webhooks#verify-manually).
 */
export function createDeliveries({ secret, provider }: { secret: string; provider: string }) {
  return (id: string): Delivery => {
    const body = JSON.stringify(completed(id, provider), null, 2);
    const seconds = Math.floor(Date.now() / 1000);
    const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    return { body, signature: `t=${seconds},v1=${mac}` };
  };
}

function completed(id: string, provider: string) {
  const hex = id.replaceAll('-', '');
  const created = Math.floor(Date.now() / 1000);
  return {
    id: `evt_${hex}`,
    ...{ object: 'event', api_version: '2026-10-28.endive', created, livemode: false, pending_webhooks: 1 },
    request: { id: null, idempotency_key: null },
    type: 'checkout.session.completed',
    data: {
      object: {
        id: sessionOf(id),
        object: 'checkout.session',
        ...{
          amount_subtotal: 4900,
          amount_total: 4900,
          currency: 'usd',
          created,
          expires_at: created + 86_400,
        },
        ...{ cancel_url: 'https://a6.example/cancel', success_url: 'https://a6.example/success', url: null },
        automatic_tax: { enabled: false, liability: null, provider: null, status: null },
        client_reference_id: id,
        custom_text: {
          after_submit: null,
          shipping_address: null,
          submit: null,
          terms_of_service_acceptance: null,
        },
        customer_details: { address: { city: null, country: 'US', line1: null }, email: null, name: null },
        metadata: {
          order_id: id,
          purpose: 'listing',
          reference: `listing.${provider}.1`,
          provider_id: provider,
        },
        ...{ livemode: false, mode: 'payment', payment_intent: `pi_${hex}`, payment_method_types: ['card'] },
        ...{ payment_status: 'paid', status: 'complete', submit_type: null, ui_mode: 'hosted' },
        total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
      },
    },
  };
}
