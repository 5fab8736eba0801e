import { randomUUID } from 'node:crypto';
import type { StubAnswer, StubRequest, TestIdentity } from '@scholar/runtime/testing';

export const SCHOLARSHIP = {
  id: 'b7c1',
  title: 'Halcyon Grant',
  description: 'For future midwives who stay near the coast.',
  degree_levels: [],
  fields_of_study: ['nursing'],
  regions: ['maine'],
  citizenships: [],
  amount_cents: 250_000,
  currency: 'USD',
  deadline: '2090-05-01',
};

/** What the other services answer on a good day, as briefly as their callers allow. */
export async function neighbour(request: StubRequest, identity: TestIdentity): Promise<StubAnswer> {
  const path = request.path.split('?', 1)[0] ?? '';
  if (path === '/.well-known/jwks.json' || path === '/oauth/token') return ofIdentity(request, identity);
  const answer = ANSWERS[path];
  return answer ? answer() : { status: 404, body: {} };
}

const ANSWERS: Readonly<Record<string, () => StubAnswer>> = {
  '/login': () => ({
    status: 200,
    body: { access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 600 },
  }),
  '/internal/users': () => ({ status: 201, body: { user_id: randomUUID(), created: true } }),
  '/scholarships': () => ({ status: 200, body: { scholarships: [SCHOLARSHIP], next_cursor: null } }),
  '/checkout/sessions': () => ({
    status: 201,
    body: { id: 'cs_test_1', url: 'https://checkout.stripe.com/c/pay/cs_test_1' },
  }),
  '/matches': () => ({
    status: 200,
    body: {
      catalogue: 'current',
      matches: [{ scholarship_id: 'b7c1', title: SCHOLARSHIP.title, score: 1, why: [], missing: [] }],
    },
  }),
  '/answers': () => ({ status: 200, body: { answer: 'Early.', citations: [], supported: true } }),
};

async function ofIdentity(request: StubRequest, identity: TestIdentity): Promise<StubAnswer> {
  const { authorization } = request.headers;
  const response = await fetch(`${identity.url}${request.path}`, {
    method: request.method,
    headers: authorization ? { authorization } : {},
  });
  return { status: response.status, body: await response.json() };
}
