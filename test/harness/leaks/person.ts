import { createHmac } from 'node:crypto';

/** Data of people and keys that nobody may say again, each of them used in every way that the traffic knows. */
export const PERSON = {
  student: 'jane.planted@example.com',
  lead: 'lead.planted@example.com',
  payer: 'payer.planted@example.com',
  refused: 'refused.planted@example.com',
  'a student who will be erased': 'erased.student.planted@example.com',
  'a provider who will be erased': 'erased.provider.planted@example.com',
  'the name of a lead': 'Lea Planted-Person',
  'the name of a provider': 'Foundation of Pat Planted',
  essay: 'My essay begins where my grandmother planted her olive trees, in Kalamata.',
  password: 'planted password of jane 7',
  'wrong password': 'planted password of nobody 8',
  card: '4242424242424242',
  'social security number': '078-05-1120',
  'a key that is none': 'planted-key-that-is-none-0000000000000000000',
} as const;

/** Sends a request under the name by which its answer is told. */
export type Send = (name: string, url: string, init: RequestInit) => Promise<string>;
export type Json = (value: unknown, headers?: Record<string, string>) => RequestInit;

/** What Stripe reports of a payment, by whom and for which provider. */
export function paidBy(email: string, card: string, provider: string | null = null): string {
  const id = provider ?? 'planted';
  const session = {
    ...{ id: `cs_test_${id}`, object: 'checkout.session', amount_total: 4_900, currency: 'usd' },
    ...{ livemode: false, mode: 'payment', payment_status: 'paid', status: 'complete' },
    ...{
      payment_intent: `pi_${id}`,
      client_reference_id: provider,
      metadata: provider === null ? { note: card } : { provider_id: provider },
    },
    customer_details: { email, name: 'Pay Planted' },
  };
  return JSON.stringify({
    ...{
      id: `evt_${id}`,
      object: 'event',
      api_version: '2025-01-01',
      livemode: false,
      pending_webhooks: 1,
    },
    ...{ created: Math.floor(Date.now() / 1_000), type: 'checkout.session.completed' },
    request: { id: null, idempotency_key: null },
    data: { object: session },
  });
}

/** Stripe's manual, "Verify webhook signatures manually". */
export function signature(secret: string, body: string): string {
  const at = Math.floor(Date.now() / 1_000);
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}
