import { randomUUID } from 'node:crypto';
import {
  createHttpStub,
  createServiceHarness,
  createTestIdentity,
  type HttpStub,
  keysAndTokens,
  type ServiceHarness,
  type StubAnswer,
  type StubRequest,
  type TestIdentity,
} from '@scholar/runtime/testing';
import { service } from '../service.ts';

type Answers = (request: StubRequest) => StubAnswer | Promise<StubAnswer>;

/** provider_register with real HTTP servers in the places of scholar_auth and scholarship_api. */
export type RegisterRig = {
  a6: ServiceHarness;
  a1: HttpStub;
  a2: HttpStub;
  /** Signs the tokens that this provider_register believes. */
  identity: TestIdentity;
  /** What the others answer from now on; keys and service tokens of scholar_auth aside. */
  answers: { a1: Answers; a2: Answers };
  /** As scholar_auth answers for one account: it is made at each signup, and every password is right. */
  account(subject?: string, options?: { role?: string; signup?: StubAnswer }): Answers;
  close(): Promise<void>;
};

const UNSET: Answers = () => ({ status: 500, body: 'this test did not say what to answer' });

export async function createRegisterRig(env: Record<string, string> = {}): Promise<RegisterRig> {
  const answers = { a1: UNSET, a2: UNSET };
  const identity = await createTestIdentity();
  const a1 = await createHttpStub(
    async (request) => (await keysAndTokens(request, identity)) ?? answers.a1(request),
  );
  const a2 = await createHttpStub((request) => answers.a2(request));
  const a6 = await createServiceHarness(service, { env: { A1_URL: a1.url, A2_URL: a2.url, ...env } });
  return {
    ...{ a6, a1, a2, identity, answers },
    account(subject = randomUUID(), { role = 'provider', signup } = {}) {
      return async ({ path }) => {
        if (path === '/signup') return signup ?? { status: 201, body: { user_id: subject } };
        const access_token = await identity.userToken({ subject, roles: [role] });
        const refresh_token = randomUUID();
        return { status: 200, body: { access_token, refresh_token, token_type: 'Bearer', expires_in: 600 } };
      };
    },
    async close() {
      await a6.stop();
      await Promise.all([a1.close(), a2.close(), identity.close()]);
    },
  };
}
