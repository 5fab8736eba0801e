import { readMessages } from '@scholar/runtime/sse';
import {
  type CapturedLogs,
  captureLogs,
  createHttpStub,
  createServiceHarness,
  type HarnessOptions,
  type HttpStub,
  type ServiceHarness,
  ShiftedClock,
  waitFor,
} from '@scholar/runtime/testing';
import type { Pool } from 'pg';
import { service } from '../service.ts';
import { createFakeModel, type FakeModel } from './fake-model.ts';

/** An answer as it is sent. */
export type Answer = {
  answer_id: string;
  answer: string;
  citations: { title: string; source: string; excerpt: string }[];
  supported: boolean;
  provider: string;
  latency_ms: number;
  fallback?: string;
  note?: string;
};

export type Told = { event: string; data: Record<string, unknown> & { text?: string; code?: string } };

export const SCHOLARSHIP = {
  id: 'b7c1',
  title: 'Halcyon Bay Nursing Grant',
  description: 'For future midwives who stay near the coast.',
  fields_of_study: ['nursing'],
  regions: ['maine'],
  amount_cents: 250_000,
  currency: 'USD',
  deadline: '2030-05-01',
};

/** scholarship_sage with real servers in the places of scholarship_api and of a model. */
export type SageRig = {
  a4: ServiceHarness;
  model: FakeModel;
  a2: HttpStub;
  /** What the catalogue has from its next renewal on. */
  catalogue: object[];
  logs: CapturedLogs;
  post(body: unknown, headers?: Record<string, string>, signal?: AbortSignal): Promise<Response>;
  ask(question: string, headers?: Record<string, string>): Promise<Answer>;
  /** Asks for a stream and reads it to its end. */
  stream(question: string, headers?: Record<string, string>): Promise<Told[]>;
  /** How many rows of answers there are. */
  answered(): Promise<number>;
  metrics(): Promise<string>;
  close(): Promise<void>;
};

export type RigOptions = {
  env?: Record<string, string>;
  /** Without: scholarship_sage knows of no model. */
  model?: boolean;
  catalogue?: object[];
  databaseBy?: HarnessOptions['databaseBy'];
  /** Noon of today unless told: budgets are of a day. */
  clock?: ShiftedClock;
};

export async function createSageRig(options: RigOptions = {}): Promise<SageRig> {
  const { env = {}, model = true, catalogue, databaseBy, clock = ShiftedClock.atNoon() } = options;
  const rig = { catalogue: catalogue ?? [SCHOLARSHIP], logs: captureLogs('scholarship_sage') } as SageRig;
  const fake = await createFakeModel();
  const a2 = await createHttpStub(() => ({
    status: 200,
    body: { scholarships: rig.catalogue, next_cursor: null },
  }));
  const withModel = model ? { LLM_URL: fake.url, LLM_API_KEY: 'model-key', LLM_TIMEOUT: '20s' } : {};
  const a4 = await createServiceHarness(service, {
    env: { A2_URL: a2.url, ...withModel, ...env },
    log: rig.logs.log,
    clock,
    ...(databaseBy ? { databaseBy } : {}),
  });
  const kinds = async () => (await a4.pool.query('SELECT DISTINCT kind FROM passages')).rowCount;
  await waitFor(async () => (await kinds()) === 2, { what: 'the passages' });
  const user = await a4.identity.userToken();
  const post: SageRig['post'] = (body, headers, signal) =>
    a4.fetch('/answers', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${user}`, ...headers },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  return Object.assign(rig, {
    a4,
    a2,
    model: fake,
    post,
    async ask(question: string, headers?: Record<string, string>) {
      const response = await post({ question }, headers);
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as Answer;
    },
    async stream(question: string, headers?: Record<string, string>) {
      const response = await post({ question }, { accept: 'text/event-stream', ...headers });
      return readTold(response);
    },
    answered: () => countAnswers(a4.pool),
    metrics: async () => (await fetch(`${a4.opsUrl}/metrics`)).text(),
    async close() {
      await a4.stop();
      await Promise.all([fake.close(), a2.close()]);
    },
  });
}

async function countAnswers(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM answers_log');
  return rows[0]?.n ?? 0;
}

/** The messages of an answer that is told as it is made. Throws where the answer is no stream. */
export async function readTold(response: Response): Promise<Told[]> {
  const told: Told[] = [];
  for await (const message of toldBy(response)) told.push(message);
  return told;
}

export async function* toldBy(response: Response): AsyncGenerator<Told> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    throw new Error(`no stream: ${response.status} ${await response.text()}`);
  }
  for await (const { event, data } of readMessages(response.body, { maxBytes: 1e7 })) {
    yield { event, data: JSON.parse(data) };
  }
}

/** The texts of a stream after the last `replaced`: what a reader sees at its end. */
export function textOf(told: readonly Told[]): string {
  const from = told.findLastIndex(({ event }) => event === 'replaced') + 1;
  return told
    .slice(from)
    .flatMap(({ event, data }) => (event === 'text' ? [data.text ?? ''] : []))
    .join('');
}
