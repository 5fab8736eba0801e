import { randomUUID } from 'node:crypto';
import { createServiceHarness, waitFor } from '@scholar/runtime/testing';
import { service } from '../../../services/provider_register/src/service.ts';
import {
  SECRET,
  signedDelivery,
  stripeEvent,
} from '../../../services/provider_register/src/webhook/testing/signed-delivery.ts';
import type { Rig, Subject } from '../rig.ts';
import { PASSWORD, send, someone, warm } from './asking.ts';
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

async function signedIn({ world }: Rig): Promise<Record<string, string>> {
  return { cookie: `scholar_session=${await world.identity.userToken({ roles: ['provider'] })}` };
}

const registration = () => ({ name: 'Halcyon Trust', email: someone() });

export const register: Subject = {
  label: 'provider_register',
  start: (options) => createServiceHarness(service, options),
  behind: { at: 'A2', start: api.start, env: API_ENV },
  env: { STRIPE_WEBHOOK_SECRET: SECRET },
  async prepare(rig) {
    const made = await send(rig, '/providers', { json: registration() });
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
    'report a payment (Stripe)': { send: reportPayment, status: 200, leaves: 'PaymentSuccess' },
  },
  async inTheEnd(rig) {
    const reported = Number(rig.known.get(DELIVERED));
    await waitFor(async () => (await rig.arrived('PaymentSuccess')) === reported, {
      what: `one PaymentSuccess for each of ${reported} payments`,
    });
  },
};
