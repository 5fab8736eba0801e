import type { Order } from '../checkout-request.ts';

/** An order at its first attempt, as provider_register has it made. */
export const AN_ORDER: Order = {
  id: '0b8f5d7e-0000-4000-8000-000000000001',
  requested_by: 'service:provider_register',
  purpose: 'listing',
  reference: 'listing.p1.1',
  provider_id: 'p1',
  amount_cents: 4900,
  currency: 'USD',
  success_url: 'https://a6.example/providers/p1?checkout=success',
  cancel_url: 'https://a6.example/providers/p1?checkout=cancel',
  canary: null,
  attempt: 1,
  session_id: null,
};
