import { z } from 'zod';
import { expandParam, formInteger, metadataParam } from '../api/params.ts';
import { invalidRequest } from '../api/stripe-error.ts';
import type { NewId } from '../identifiers.ts';
import type { CheckoutSession, LineItem, PaymentIntent } from '../stripe-objects.ts';

const DAY_S = 86_400;
const httpUrl = z.url({ protocol: /^https?$/, error: 'Not a valid URL' });

/** The parameters of POST /v1/checkout/sessions that the sandbox knows (https://docs.stripe.com/api/checkout/sessions/create). */
export const createSessionParams = z.strictObject({
  mode: z.literal('payment', { error: 'the sandbox knows mode=payment only' }),
  success_url: httpUrl,
  cancel_url: httpUrl.optional(),
  client_reference_id: z.string().max(200).optional(),
  customer_email: z.email().optional(),
  expires_at: formInteger.optional(),
  metadata: metadataParam.default({}),
  payment_intent_data: z
    .strictObject({ metadata: metadataParam.default({}), description: z.string().max(1000).optional() })
    .optional(),
  payment_method_types: z.array(z.string()).max(10).optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  locale: z.string().max(10).optional(),
  line_items: z
    .array(
      z.strictObject({
        quantity: formInteger.pipe(z.number().min(1).max(1_000_000)),
        price_data: z.strictObject({
          currency: z.string().regex(/^[A-Za-z]{3}$/, 'must be a three-letter currency code'),
          unit_amount: formInteger.pipe(z.number().min(0).max(99_999_999)),
          product_data: z.strictObject({
            name: z.string().min(1).max(1500),
            description: z.string().max(1500).optional(),
            metadata: metadataParam.optional(),
          }),
        }),
      }),
    )
    .min(1)
    .max(100),
  expand: expandParam,
});

export type CreateSessionParams = z.output<typeof createSessionParams>;

export type NewSession = { session: CheckoutSession; intent: PaymentIntent | undefined; items: LineItem[] };

/**
 * An open session with its line items and, when there is something to pay, its payment intent.
 * @param context `nowS` in seconds; `payUrl` turns a session id into the address of its payment page.
 * @throws StripeApiError when line items differ in currency or `expires_at` is outside 30 minutes to 24 hours.
 */
export function createSession(
  params: CreateSessionParams,
  context: { nowS: number; newId: NewId; payUrl: (id: string) => string },
): NewSession {
  const { nowS, newId } = context;
  const items = lineItems(params, newId);
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  const currency = items[0]?.currency ?? 'usd';
  const id = newId('cs_test_', 58);
  const intent = total === 0 ? undefined : paymentIntent(params, { ...context, total, currency });
  const session: CheckoutSession = {
    id,
    object: 'checkout.session',
    amount_subtotal: total,
    amount_total: total,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: nowS,
    currency,
    customer_email: params.customer_email ?? null,
    expires_at: expiresAt(params.expires_at, nowS),
    livemode: false,
    metadata: params.metadata,
    mode: 'payment',
    payment_intent: intent?.id ?? null,
    payment_method_types: params.payment_method_types ?? ['card'],
    payment_status: total === 0 ? 'no_payment_required' : 'unpaid',
    status: 'open',
    success_url: params.success_url,
    url: context.payUrl(id),
  };
  return { session, intent, items };
}

function lineItems(params: CreateSessionParams, newId: NewId): LineItem[] {
  const items = params.line_items.map((line): LineItem => {
    const amount = line.price_data.unit_amount * line.quantity;
    return {
      id: newId('li_'),
      object: 'item',
      amount_subtotal: amount,
      amount_total: amount,
      currency: line.price_data.currency.toLowerCase(),
      description: line.price_data.product_data.name,
      quantity: line.quantity,
    };
  });
  if (new Set(items.map((item) => item.currency)).size > 1) {
    throw invalidRequest('All line items must have the same currency.', { param: 'line_items' });
  }
  return items;
}

function paymentIntent(
  params: CreateSessionParams,
  context: { nowS: number; newId: NewId; total: number; currency: string },
): PaymentIntent {
  return {
    id: context.newId('pi_'),
    object: 'payment_intent',
    amount: context.total,
    amount_received: 0,
    created: context.nowS,
    currency: context.currency,
    livemode: false,
    metadata: params.payment_intent_data?.metadata ?? {},
    status: 'requires_payment_method',
  };
}

function expiresAt(wanted: number | undefined, nowS: number): number {
  if (wanted === undefined) return nowS + DAY_S;
  if (wanted < nowS + 1800 || wanted > nowS + DAY_S) {
    throw invalidRequest(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
      {
        param: 'expires_at',
      },
    );
  }
  return wanted;
}
