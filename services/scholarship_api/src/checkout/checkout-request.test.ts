import { idempotencyKey, sessionParams } from './checkout-request.ts';
import { AN_ORDER as order } from './testing/an-order.ts';

test('an idempotency key belongs to one attempt of one order: the same again for a repetition, another for the next attempt', () => {
  expect(idempotencyKey(order)).toBe(idempotencyKey({ ...order }));
  const others = [
    { ...order, attempt: 2 },
    { ...order, id: '0b8f5d7e-0000-4000-8000-000000000002' },
  ];
  expect(new Set([order, ...others].map(idempotencyKey)).size).toBe(3);
  // Stripe takes up to 255 characters.
  expect(idempotencyKey(order)).toMatch(/^[0-9a-f]{64}$/);
});

test('a repetition sends Stripe the very same parameters: client_reference_id, and metadata on session and payment intent', () => {
  const params = sessionParams(order);
  expect(sessionParams({ ...order, attempt: 1 })).toEqual(params);
  expect(params.client_reference_id).toBe(order.id);
  expect(params.metadata).toEqual({
    order_id: order.id,
    purpose: 'listing',
    reference: 'listing.p1.1',
    provider_id: 'p1',
  });
  expect(params.payment_intent_data?.metadata).toEqual(params.metadata);
});
