import { NEEDED_EVENTS } from '../../operator/src/audit/webhook-endpoint.ts';
import { HANDLED_TYPES } from '../../services/provider_register/src/webhook/stripe-event.ts';

test('the audit asks of a webhook endpoint for every type that A6 acts upon, but the older name of one', () => {
  const handled = HANDLED_TYPES.filter((type) => type !== 'charge.refund.updated');
  expect([...NEEDED_EVENTS].sort()).toEqual([...handled].sort());
});
