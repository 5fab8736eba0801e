import { randomUUID } from 'node:crypto';
import {
  keysAndTokens,
  type StubAnswer,
  type StubRequest,
  type TestIdentity,
} from '@scholar/runtime/testing';

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
  const answer = ANSWERS[path];
  return (await keysAndTokens(request, identity)) ?? (await answer?.(identity)) ?? { status: 404, body: {} };
}

const ANSWERS: Readonly<Record<string, (identity: TestIdentity) => StubAnswer | Promise<StubAnswer>>> = {
  '/signup': () => ({ status: 201, body: { user_id: randomUUID() } }),
  '/login': async (identity) => ({
    status: 200,
    body: {
      access_token: await identity.userToken({ roles: ['provider'] }),
      refresh_token: 'r',
      token_type: 'Bearer',
      expires_in: 600,
    },
  }),
  '/password/change': () => ({ status: 204 }),
  '/internal/users': () => ({ status: 201, body: { user_id: randomUUID(), created: true } }),
  '/scholarships': () => ({ status: 200, body: { scholarships: [SCHOLARSHIP], next_cursor: null } }),
  '/answers': () => ({ status: 200, body: { answer: 'Early.', citations: [], supported: true } }),
  '/v1/chat/completions': () => ({
    status: 200,
    body: {
      choices: [
        { message: { content: 'The Halcyon Grant is for future midwives who stay near the coast [1].' } },
      ],
    },
  }),
};
