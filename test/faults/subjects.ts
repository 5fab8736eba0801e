import { randomUUID } from 'node:crypto';
import { createServiceHarness, waitFor } from '@scholar/runtime/testing';
import { service as pageMaker } from '../../services/auto_page_maker/src/service.ts';
import { service as register } from '../../services/provider_register/src/service.ts';
import { service as auth } from '../../services/scholar_auth/src/service.ts';
import { service as agent } from '../../services/scholarship_agent/src/service.ts';
import { service as api } from '../../services/scholarship_api/src/service.ts';
import { service as sage } from '../../services/scholarship_sage/src/service.ts';
import { service as pilot } from '../../services/student_pilot/src/service.ts';
import type { Rig, Subject } from './rig.ts';

const PASSWORD = 'correct horse battery';
const REFRESH = { CATALOGUE_REFRESH: '100ms' };

type Sent = { headers?: Record<string, string>; json?: object; form?: Record<string, string> };

/** Sends JSON as a program does, a form as a browser does, and nothing as either. */
function send(rig: Rig, path: string, { headers = {}, json, form }: Sent = {}): Promise<Response> {
  const signal = AbortSignal.timeout(60_000);
  if (json) {
    const type = { 'content-type': 'application/json' };
    return rig.harness.fetch(path, {
      method: 'POST',
      headers: { ...type, ...headers },
      body: JSON.stringify(json),
      signal,
    });
  }
  const page = { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...headers };
  if (form)
    return rig.harness.fetch(path, {
      method: 'POST',
      headers: page,
      body: new URLSearchParams(form),
      signal,
    });
  return rig.harness.fetch(path, { headers: page, signal });
}

async function bearer(rig: Rig, roles: readonly string[] = ['student']): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await rig.identity.userToken({ roles })}` };
}

async function cookie(rig: Rig): Promise<Record<string, string>> {
  return { cookie: `scholar_session=${await rig.identity.userToken({ subject: 'u-1' })}` };
}

const someone = () => `${randomUUID()}@example.org`;

/** Keys and service tokens of A1 are known: from then on A1 may be away. */
const warm = async (rig: Rig, ask: keyof Subject['asks'], subject: Subject) => {
  const known = subject.asks[ask];
  await waitFor(async () => (await known?.send(rig))?.status === known?.status, { what: `a good "${ask}"` });
};

const a1: Subject = {
  label: 'scholar_auth',
  start: (options) => createServiceHarness(auth, options),
  env: {
    ARGON2_MEMORY_KIB: '64',
    ARGON2_PASSES: '1',
    EMAIL_HASH_KEY: 'email-hash-key-of-the-tests-0123456789',
    KEY_ENCRYPTION_KEY: 'key-encryption-key-of-the-tests-0123456789',
  },
  async prepare(rig) {
    rig.known.set('email', someone());
    await send(rig, '/signup', { json: { email: rig.known.get('email'), password: PASSWORD } });
    await send(rig, '/.well-known/jwks.json');
  },
  asks: {
    'sign up': {
      send: (rig) => send(rig, '/signup', { json: { email: someone(), password: PASSWORD } }),
      status: 201,
      event: 'NewUser',
    },
    'sign in': {
      send: (rig) => send(rig, '/login', { json: { email: rig.known.get('email'), password: PASSWORD } }),
      status: 200,
    },
    'fetch the keys of tokens': { send: (rig) => send(rig, '/.well-known/jwks.json'), status: 200 },
  },
};

const a2: Subject = {
  label: 'scholarship_api',
  start: (options) => createServiceHarness(api, options),
  env: { SAMPLE_DATA: 'false', STRIPE_SECRET_KEY: 'sk_test_1234' },
  prepare: (rig) => warm(rig, 'list my scholarships (provider)', a2),
  asks: {
    'search the catalogue': {
      send: (rig) => send(rig, '/scholarships'),
      status: 200,
      event: 'PageView',
    },
    'list my scholarships (provider)': {
      send: async (rig) => send(rig, '/scholarships/mine', { headers: await bearer(rig, ['provider']) }),
      status: 200,
    },
  },
};

const a3: Subject = {
  label: 'scholarship_agent',
  start: (options) => createServiceHarness(agent, options),
  env: REFRESH,
  async prepare(rig) {
    await waitFor(async () => (await (await a3.asks['match']?.send(rig))?.text())?.includes('Halcyon'));
  },
  asks: {
    match: {
      send: async (rig) =>
        send(rig, '/matches', { headers: await bearer(rig), json: { profile: { field: 'nursing' } } }),
      status: 200,
      event: 'ScholarshipMatchResult',
    },
  },
};

const a4: Subject = {
  label: 'scholarship_sage',
  start: (options) => createServiceHarness(sage, options),
  env: REFRESH,
  async prepare(rig) {
    await waitFor(async () =>
      (await (await a4.asks['ask a question']?.send(rig))?.text())?.includes('Halcyon'),
    );
  },
  asks: {
    'ask a question': {
      send: async (rig) =>
        send(rig, '/answers', {
          headers: await bearer(rig),
          json: { question: 'Who may have the Halcyon Grant for midwives near the coast?' },
        }),
      status: 200,
      event: 'SageAssist',
    },
  },
};

const a5: Subject = {
  label: 'student_pilot',
  start: (options) => createServiceHarness(pilot, options),
  async prepare(rig) {
    for (const ask of Object.keys(a5.asks)) await warm(rig, ask, a5);
  },
  asks: {
    'open the start page': { send: (rig) => send(rig, '/'), status: 200, event: 'PageView' },
    'sign in': {
      send: (rig) => send(rig, '/login', { form: { email: 'me@example.org', password: PASSWORD } }),
      status: 303,
    },
    'open the profile': {
      send: async (rig) => send(rig, '/profile', { headers: await cookie(rig) }),
      status: 200,
      event: 'PageView',
    },
    'save the profile': {
      send: async (rig) => send(rig, '/profile', { headers: await cookie(rig), form: { age: '33' } }),
      status: 303,
    },
    'look for matches': {
      send: async (rig) => send(rig, '/matches', { headers: await cookie(rig), form: { age: '33' } }),
      status: 200,
      event: 'ScholarshipMatchRequested',
    },
    'ask a question': {
      send: async (rig) => send(rig, '/ask', { headers: await cookie(rig), form: { question: 'When?' } }),
      status: 200,
    },
  },
};

const a6: Subject = {
  label: 'provider_register',
  start: (options) => createServiceHarness(register, options),
  env: { STRIPE_WEBHOOK_SECRET: 'whsec_of_the_faults' },
  async prepare(rig) {
    const made = await send(rig, '/providers', { json: { name: 'Halcyon Trust', email: someone() } });
    rig.known.set('provider', ((await made.json()) as { provider_id: string }).provider_id);
    await warm(rig, 'go and pay', a6);
  },
  asks: {
    'open the start page': { send: (rig) => send(rig, '/'), status: 200 },
    register: {
      send: (rig) => send(rig, '/providers', { json: { name: 'Halcyon Trust', email: someone() } }),
      status: 201,
      event: 'ProviderOnboarded',
    },
    'open the own page': {
      send: (rig) => send(rig, `/providers/${rig.known.get('provider')}`),
      status: 200,
    },
    'go and pay': {
      send: (rig) => send(rig, `/providers/${rig.known.get('provider')}/checkout`, { form: {} }),
      status: 303,
    },
  },
};

const a7: Subject = {
  label: 'auto_page_maker',
  start: (options) => createServiceHarness(pageMaker, options),
  env: { ...REFRESH, ACCOUNT_RETRY_INTERVAL: '100ms' },
  async prepare(rig) {
    await waitFor(async () => (await (await send(rig, '/')).text()).includes('Halcyon Grant'));
    await warm(rig, 'leave an address', a7);
  },
  asks: {
    'open a landing page': { send: (rig) => send(rig, '/'), status: 200 },
    'leave an address': {
      send: (rig) => send(rig, '/leads', { json: { email: someone() } }),
      status: 201,
      event: 'NewLead',
    },
  },
};

export const SUBJECTS: readonly Subject[] = [a1, a2, a3, a4, a5, a6, a7];
