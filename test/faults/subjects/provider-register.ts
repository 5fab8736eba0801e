import { randomUUID } from 'node:crypto';
import { createServiceHarness, waitFor } from '@scholar/runtime/testing';
import { newClaim } from '../../../services/provider_register/src/providers/claim.ts';
import { service } from '../../../services/provider_register/src/service.ts';
import {
  SECRET,
  signedDelivery,
  stripeEvent,
} from '../../../services/provider_register/src/webhook/testing/signed-delivery.ts';
import type { Rig, Subject } from '../rig.ts';
import { CHANGE, PASSWORD, send, someone, warm } from './asking.ts';
import { API_ENV, api } from './scholarship-api.ts';

const UNDELIVERED = 'the payment that Stripe could not report yet';
const DELIVERED = 'payments that Stripe reported';

/** Stripe's side of a webhook: an event that was not taken is sent again, until it is. */
async function reportPayment(rig: Rig): Promise<Response> {
  const { known } = rig;
  const id = known.get(UNDELIVERED) ?? randomUUID();
  known.set(UNDELIVERED, id);
  const session = { id: `cs_test_${id}`, payment_intent: `pi_${id}` };
  const event = stripeEvent({ id: `evt_${id}`, session });
  const response = await rig.harness.fetch('/webhooks/stripe', signedDelivery(event));
  if (response.ok) {
    known.delete(UNDELIVERED);
    known.set(DELIVERED, String(Number(known.get(DELIVERED) ?? 0) + 1));
  }
  return response;
}

async function signedIn({ world }: Rig, subject?: string): Promise<Record<string, string>> {
  const who = { roles: ['provider'], ...(subject === undefined ? {} : { subject }) };
  return { cookie: `scholar_session=${await world.identity.userToken(who)}` };
}

/** The account of an organisation that has paid for more listings than a run publishes. */
const PAYER = 'payer';

async function payForListings({ harness: { pool } }: Rig): Promise<void> {
  const provider = randomUUID();
  await pool.query(
    `INSERT INTO providers (id, name, email, user_id) VALUES ($1, 'Harbour Trust', 'o@example.org', $2)`,
    [provider, PAYER],
  );
  await pool.query(
    `INSERT INTO stripe_events (id, type, livemode) VALUES ('evt_paid', 'checkout.session.completed', false)`,
  );
  await pool.query(
    `INSERT INTO payments (session_id, provider_id, amount_cents, currency, stripe_event_id, event_id)
     SELECT 'cs_test_' || n, $1, 4900, 'USD', 'evt_paid', gen_random_uuid() FROM generate_series(1, 500) n`,
    [provider],
  );
}

/** As a program registered it, which was told the code. */
async function claimAnother(rig: Rig): Promise<Response> {
  const [id, { code, sha256 }] = [randomUUID(), newClaim()];
  await rig.harness.pool.query(
    `INSERT INTO providers (id, name, email, claim_sha256) VALUES ($1, 'Harbour Trust', 'o@example.org', $2)`,
    [id, sha256],
  );
  return send(rig, `/providers/${id}/claim`, { form: { code, email: someone(), password: PASSWORD } });
}

const SCHOLARSHIP = {
  ...{ title: 'Coast Grant', description: 'For midwives.', amount_cents: '2500', currency: 'USD' },
  intent: 'publish',
};

const registration = () => ({ name: 'Halcyon Trust', email: someone() });

export const register: Subject = {
  label: 'provider_register',
  start: (options) => createServiceHarness(service, options),
  behind: { at: 'A2', start: api.start, env: API_ENV },
  env: { STRIPE_WEBHOOK_SECRET: SECRET },
  async prepare(rig) {
    const made = await send(rig, '/providers', { json: registration() });
    await payForListings(rig);
    rig.known.set('provider', ((await made.json()) as { provider_id: string }).provider_id);
    await warm(rig, register);
  },
  asks: {
    'open the start page': { send: (rig) => send(rig, '/'), status: 200 },
    'register by the form': {
      send: (rig) => send(rig, '/providers', { form: { ...registration(), password: PASSWORD } }),
      status: 303,
      leaves: 'ProviderOnboarded',
    },
    'register (JSON)': {
      send: (rig) => send(rig, '/providers', { json: registration() }),
      status: 201,
      leaves: 'ProviderOnboarded',
    },
    'open the own page': {
      send: (rig) => send(rig, `/providers/${rig.known.get('provider')}`),
      status: 200,
    },
    'go and pay': {
      send: (rig) => send(rig, `/providers/${rig.known.get('provider')}/checkout`, { form: {} }),
      status: 303,
    },
    'open an order': {
      send: (rig) => send(rig, `/providers/${rig.known.get('provider')}/orders/1`),
      status: 200,
    },
    'list my scholarships': {
      send: async (rig) => send(rig, '/scholarships', { headers: await signedIn(rig) }),
      status: 200,
    },
    'write a scholarship and publish it': {
      send: async (rig) =>
        send(rig, '/scholarships', {
          headers: await signedIn(rig, PAYER),
          form: { ...SCHOLARSHIP, key: randomUUID() },
        }),
      status: 303,
      shows: '?published=1',
    },
    'give an organisation an account': { send: claimAnother, status: 303 },
    'change the password': {
      send: async (rig) => send(rig, CHANGE.path, { headers: await signedIn(rig), form: CHANGE.form }),
      status: 303,
      shows: CHANGE.leadsTo,
    },
    'report a payment (Stripe)': { send: reportPayment, status: 200, leaves: 'PaymentSuccess' },
  },
  async inTheEnd(rig) {
    const reported = Number(rig.known.get(DELIVERED));
    await waitFor(async () => (await rig.arrived('PaymentSuccess')) === reported, {
      what: `one PaymentSuccess for each of ${reported} payments`,
    });
  },
};
