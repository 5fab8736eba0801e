import { createHash } from 'node:crypto';
import type { Logger } from '@scholar/runtime/log';
import {
  createHttpStub,
  createServiceHarness,
  createTestIdentity,
  type HttpStub,
  type ServiceHarness,
  type StubAnswer,
  type StubRequest,
} from '@scholar/runtime/testing';
import { service } from '../service.ts';

type Answerer = (request: StubRequest) => StubAnswer | Promise<StubAnswer>;

export type PageMakerRig = ServiceHarness & {
  /** Requests that reached /internal/users of the server in scholar_auth's place. */
  accountRequests(): StubRequest[];
  /** How that server answers /internal/users from now on; undefined = as scholar_auth does. */
  answerAccounts(answer: Answerer | undefined): void;
  /** What the server in scholarship_api's place has; an Answerer stands for a faulty one. */
  setCatalogue(catalogue: readonly object[] | Answerer): void;
  postLead(
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  page(path: string): Promise<string>;
};

/** auto_page_maker over a real database and real sockets, with small real servers in the place of A1 and A2. */
export async function startPageMaker(env: Record<string, string> = {}, log?: Logger): Promise<PageMakerRig> {
  const identity = await createTestIdentity();
  let accounts: Answerer | undefined;
  let catalogue: readonly object[] | Answerer = [];
  const auth = await createHttpStub(async (request) => {
    if (request.path === '/internal/users') return (accounts ?? makeAccount)(request);
    return forward(`${identity.url}${request.path}`, request);
  });
  const api = await createHttpStub((request) =>
    typeof catalogue === 'function' ? catalogue(request) : pageOf(catalogue, request),
  );
  const started = await createServiceHarness(service, {
    env: {
      A1_URL: auth.url,
      A2_URL: api.url,
      CATALOGUE_REFRESH: '50ms',
      ACCOUNT_RETRY_INTERVAL: '20ms',
      FORM_MIN_FILL: '0',
      ...env,
    },
    ...(log ? { log } : {}),
  });
  return {
    ...started,
    identity,
    accountRequests: () => auth.requests.filter(({ path }) => path === '/internal/users'),
    answerAccounts: (answer) => {
      accounts = answer;
    },
    setCatalogue: (next) => {
      catalogue = next;
    },
    async postLead(body, headers = {}) {
      const response = await started.fetch('/leads', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    page: async (path) => (await started.fetch(path, { headers: { accept: 'text/html' } })).text(),
    async stop() {
      await started.stop();
      await closeAll(auth, api, identity);
    },
  };
}

/** As scholar_auth answers: one id for one address, 201 the first time. */
const makeAccount: Answerer = (request) => {
  const { email } = JSON.parse(request.body) as { email: string };
  return { status: 201, body: { user_id: userIdOf(email), created: true } };
};

export function userIdOf(email: string): string {
  const hex = createHash('sha256').update(email).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function scholarship(id: string, more: object = {}): object {
  return {
    id,
    title: `Award ${id}`,
    description: 'For the curious.',
    fields_of_study: ['computer-science'],
    regions: ['ontario'],
    amount_cents: 490_000,
    currency: 'USD',
    deadline: '2027-03-01',
    ...more,
  };
}

/** Two scholarships a page, so that small catalogues have more than one. */
function pageOf(catalogue: readonly object[], { path }: StubRequest): StubAnswer {
  const from = Number(new URL(path, 'http://localhost').searchParams.get('cursor') ?? 0);
  const next_cursor = from + 2 < catalogue.length ? String(from + 2) : null;
  return { status: 200, body: { scholarships: catalogue.slice(from, from + 2), next_cursor } };
}

async function forward(url: string, { method, headers, body }: StubRequest): Promise<StubAnswer> {
  const { authorization = '', 'content-type': type = '' } = headers;
  const response = await fetch(url, {
    method,
    headers: { authorization, 'content-type': type },
    ...(method === 'GET' ? {} : { body }),
  });
  return { status: response.status, body: await response.json().catch(() => '') };
}

async function closeAll(...stubs: Pick<HttpStub, 'close'>[]): Promise<void> {
  for (const stub of stubs) await stub.close();
}
