import type { Clock } from '@scholar/runtime/clock';
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

/** student_pilot with real HTTP servers in the places of scholar_auth, scholarship_api, scholarship_agent and scholarship_sage. */
export type PilotRig = {
  a5: ServiceHarness;
  a1: HttpStub;
  a2: HttpStub;
  a3: HttpStub;
  a4: HttpStub;
  /** Signs the tokens that this student_pilot believes. */
  identity: TestIdentity;
  /** What the others answer from now on; keys and service tokens of scholar_auth aside. */
  answers: { a1: Answers; a2: Answers; a3: Answers; a4: Answers };
  /** Keys and service tokens are gone too. */
  a1Away: boolean;
  close(): Promise<void>;
};

const UNSET: Answers = () => ({ status: 500, body: 'this test did not say what to answer' });

/** @param clock of student_pilot and of the tokens that it is shown; that of this machine unless told. */
export async function createPilotRig(env: Record<string, string> = {}, clock?: Clock): Promise<PilotRig> {
  const answers = { a1: UNSET, a2: UNSET, a3: UNSET, a4: UNSET };
  const identity = await createTestIdentity(clock);
  const rig = { answers, a1Away: false } as PilotRig;
  const a1 = await createHttpStub(async (request) => {
    if (rig.a1Away) return { status: 503, body: 'away' };
    return (await keysAndTokens(request, identity)) ?? answers.a1(request);
  });
  const a2 = await createHttpStub((request) => answers.a2(request));
  const a3 = await createHttpStub((request) => answers.a3(request));
  const a4 = await createHttpStub((request) => answers.a4(request));
  const a5 = await createServiceHarness(service, {
    env: { A1_URL: a1.url, A2_URL: a2.url, A3_URL: a3.url, A4_URL: a4.url, ...env },
    ...(clock ? { clock } : {}),
  });
  return Object.assign(rig, {
    a5,
    a1,
    a2,
    a3,
    a4,
    identity,
    async close() {
      await a5.stop();
      await Promise.all([a1.close(), a2.close(), a3.close(), a4.close(), identity.close()]);
    },
  });
}

export type Reply = { status: number; location: string | null; text: string };

/** A browser without JavaScript: keeps cookies, sends forms as one, follows nothing by itself. */
export function createBrowser(a5: ServiceHarness) {
  const cookies = new Map<string, string>();

  async function send(path: string, init: RequestInit = {}): Promise<Reply> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', ...(cookie ? { cookie } : {}), ...init.headers };
    const response = await a5.fetch(path, { ...init, headers });
    for (const line of response.headers.getSetCookie()) keep(line);
    return {
      status: response.status,
      location: response.headers.get('location'),
      text: await response.text(),
    };
  }

  function keep(line: string): void {
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (value === '' || /Expires=Thu, 01 Jan 1970/.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }

  return {
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }),
  };
}
