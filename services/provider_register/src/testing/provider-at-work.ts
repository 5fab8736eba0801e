import { randomUUID } from 'node:crypto';
import type { StubAnswer, StubRequest } from '@scholar/runtime/testing';
import { browse, FORM } from './browse.ts';
import { createRegisterRig, type RegisterRig } from './register-rig.ts';

export const ID = randomUUID();

/** A draft as scholarship_api tells it. */
export const STORED = {
  ...{ id: ID, revision: 7, status: 'draft', title: 'Coast Grant', description: 'For midwives.', url: null },
  ...{ degree_levels: ['bachelor'], fields_of_study: ['nursing'], regions: [], citizenships: [] },
  ...{ min_gpa: null, max_income_band: null, min_age: null, max_age: null },
  ...{ amount_cents: 250_000, currency: 'USD', deadline: '2090-05-01' },
};

/** What a provider types, and what is stored of that alone. */
export const WRITTEN = {
  title: 'Coast Grant',
  description: 'For midwives.',
  amount_cents: '2500',
  currency: 'USD',
};
export const MADE = { ...STORED, degree_levels: [], fields_of_study: [], deadline: null };

export type ProviderAtWork = Awaited<ReturnType<typeof startProviderAtWork>>;

/** A provider who has registered and is signed in, and a scholarship_api that answers as it is told. */
export async function startProviderAtWork() {
  const rig: RegisterRig = await createRegisterRig();
  const { send, signedInAs } = browse(rig);
  const subject = randomUUID();
  rig.answers.a1 = rig.account(subject);
  const providerId = (await send('/providers', FORM)).to?.split('/').at(-1) ?? '';
  return {
    ...{ rig, send, signedInAs, subject, providerId, headers: await signedInAs(subject) },
    /** scholarship_api with these scholarships, which answers changes so. */
    catalogue(
      mine: readonly object[],
      change: StubAnswer | ((request: StubRequest) => StubAnswer) = { status: 200, body: STORED },
    ) {
      rig.answers.a2 = (request) => {
        if (request.method === 'GET') return { status: 200, body: { scholarships: mine, next_cursor: null } };
        return typeof change === 'function' ? change(request) : change;
      };
    },
    lastChange() {
      const request = rig.a2.requests.findLast(({ method }) => method !== 'GET');
      return { method: request?.method, path: request?.path, body: JSON.parse(request?.body || '{}') };
    },
  };
}
