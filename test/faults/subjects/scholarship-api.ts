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

const OWNER = 'p-1';
/** More than a run publishes: one at a time, each for the first time. */
const DRAFTS = 150;

async function writeDrafts(rig: Rig): Promise<void> {
  const token = await rig.world.identity.userToken({ subject: OWNER, roles: ['provider'] });
  const json = { title: 'Harbour Pilots Grant', description: 'For pilots.', amount_cents: 250_000 };
  const headers = { authorization: `Bearer ${token}` };
  for (let count = 0; count < DRAFTS; count += 1)
    await (await send(rig, '/scholarships', { headers, json })).arrayBuffer();
}

/** The oldest draft; what was answered with 503 is asked for again, by its id. */
async function publish(rig: Rig): Promise<Response> {
  const { rows } = await rig.harness.pool.query<{ id: string }>(
    `SELECT id FROM scholarships WHERE owner_provider_id = $1 AND status = 'draft' ORDER BY revision LIMIT 1`,
    [OWNER],
  );
  const [draft] = rows;
  if (draft === undefined) throw new Error(`more than ${DRAFTS} drafts were published`);
  const token = await rig.world.identity.serviceToken('provider_register');
  return send(rig, `/scholarships/${draft.id}/publish`, {
    headers: { authorization: `Bearer ${token}` },
    json: { owner_provider_id: OWNER, listings: DRAFTS },
  });
}

export const api: Subject = {
  label: 'scholarship_api',
  start: (options) => createServiceHarness(service, options),
  env: API_ENV,
  async prepare(rig) {
    await writeDrafts(rig);
    await warm(rig, api);
  },
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
    'publish a draft (A6)': { send: publish, status: 200, shows: '"status":"published"' },
    'open a payment page': { send: openPaymentPage, status: 201 },
  },
};
