import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { canaryIdOf, eventIdOfCanary, mint } from './canary.ts';
import { hex, hmac } from './hmac.ts';
import { prove } from './proof.ts';
import { runId, setting } from './settings.ts';

const NOT_AFTER_MS = 600_000;

/** During a rotation there are both; the new one is first. */
const webhookSecret = (): string => setting('STRIPE_WEBHOOK_SECRET').split(',')[0] ?? '';

/**
 * Stripe reports to A6 that a checkout was paid, signed as Stripe signs ("Verify webhook signatures", scheme v1) and marked as a canary, so that nobody
 * takes it for money. The PaymentSuccess goes through A6's outbox and its forwarder to A8, where it has to be a row.
 */
export async function reportPayment(): Promise<void> {
  const key = setting('CANARY_KEY');
  const canary = await mint(
    key,
    canaryIdOf(runId(), exec.scenario.iterationInTest),
    Date.now() + NOT_AFTER_MS,
  );
  const eventId = await eventIdOfCanary(key, canary.id, {
    label: 'provider_register',
    type: 'PaymentSuccess',
  });
  const payload = JSON.stringify(checkoutCompleted(canary.id, canary.token));
  const at = Math.floor(Date.now() / 1000);
  const signature = hex(await hmac(webhookSecret(), `${at}.${payload}`));
  const answer = await http.asyncRequest('POST', `${setting('A6_URL')}/webhooks/stripe`, payload, {
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
    tags: { op: 'write', name: 'POST /webhooks/stripe' },
  });
  const recorded = check(answer, {
    'A6 recorded the payment': ({ status, body }) =>
      status === 200 && typeof body === 'string' && body.includes('"payment_recorded"'),
  });
  if (recorded) await prove(eventId);
  else console.error(`not acknowledged: ${eventId} (${answer.status} ${answer.error})`);
}

function checkoutCompleted(id: string, token: string) {
  return {
    id: `evt_${id}`,
    object: 'event',
    api_version: null,
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type: 'checkout.session.completed',
    data: {
      object: {
        id: `cs_test_${id}`,
        object: 'checkout.session',
        amount_total: 4900,
        currency: 'usd',
        payment_status: 'paid',
        payment_intent: null,
        metadata: { scholar_canary: token },
      },
    },
  };
}
