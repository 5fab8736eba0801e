import { randomUUID } from 'node:crypto';
import { createServiceHarness } from '@scholar/runtime/testing';
import { service } from '../../../services/scholarship_api/src/service.ts';
import type { Rig, Subject } from '../rig.ts';
import { bearer, CONSENT, send, warm } from './asking.ts';

export const API_ENV = { SAMPLE_DATA: 'false', STRIPE_SECRET_KEY: 'sk_test_1234' };

async function openPaymentPage(rig: Rig): Promise<Response> {
  const order = {
    purpose: 'listing',
    amount_cents: 4900,
    currency: 'USD',
    reference: `listing.${randomUUID()}`,
    success_url: 'https://register.example.org/back',
    cancel_url: 'https://register.example.org/back',
  };
  return send(rig, '/checkout/sessions', { headers: await bearer(rig, ['provider']), json: order });
}

export const api: Subject = {
  label: 'scholarship_api',
  start: (options) => createServiceHarness(service, options),
  env: API_ENV,
  prepare: (rig) => warm(rig, api),
  asks: {
    'search the catalogue': {
      send: (rig) => send(rig, '/scholarships', { headers: CONSENT }),
      status: 200,
      leaves: 'PageView',
    },
    'count what a search finds': {
      send: (rig) => send(rig, '/scholarships/facets?field=nursing'),
      status: 200,
    },
    'list my scholarships (provider)': {
      send: async (rig) => send(rig, '/scholarships/mine', { headers: await bearer(rig, ['provider']) }),
      status: 200,
    },
    'open a payment page': { send: openPaymentPage, status: 201 },
  },
};
