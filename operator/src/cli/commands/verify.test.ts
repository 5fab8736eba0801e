import { type TruthTable, truthTableSchema } from '@scholar/contract';
import { createHttpStub } from '@scholar/runtime/testing';
import { ask } from '../../gather/http-client.ts';
import { oneSystem } from '../../reconcile/testing/one-system.ts';
import type { GuardReport } from '../../verify/negative/judge-guards.ts';
import { type RunningA8, startA8 } from '../../verify/negative/testing/start-a8.ts';
import { type Context, createContext } from '../context.ts';
import { type VerifyFlags, verify } from './verify.ts';

const LABEL = 'scholarship_sage';

let a8: RunningA8;

beforeAll(async () => {
  a8 = await startA8(LABEL);
});

afterAll(async () => {
  await a8.stop();
});

/** The command over seven healthy apps in memory and, for the guards, an A8 at `hubUrl`. */
async function ran(hubUrl: string, flags: Partial<VerifyFlags>, output: 'json' | 'table' = 'json') {
  const system = oneSystem(Date.now());
  const lines: string[] = [];
  const context: Context = {
    ...createContext({ state: '/nowhere', output }),
    screen: { out: (text) => lines.push(text), err: () => undefined, color: false, progress: false },
  };
  const open = async () => {
    const target = await system.open();
    return {
      ...target,
      environment: 'production' as const,
      hubUrl,
      ask: (question: Parameters<typeof ask>[0]) =>
        question.url.startsWith(hubUrl) ? ask(question) : target.ask(question),
      secrets: { ...target.secrets, canaryKey: a8.canaryKey, emitKeys: { [LABEL]: a8.key } },
      readTraces: (of: Parameters<typeof a8.hub.traces>[0]) => a8.hub.traces(of),
    };
  };
  const code = await verify(context, { samples: 1, ...flags }, open);
  return { code, text: lines.join('\n'), told: system.tables };
}

async function refusalsAndRows(): Promise<number> {
  const { rows } = await a8.database.pool.query<{ n: number }>(
    'SELECT ((SELECT count(*) FROM events) + (SELECT count(*) FROM rejected_events))::int AS n',
  );
  return rows[0]?.n ?? -1;
}

test('without the flag A8 is sent nothing of the kind, and the JSON is the truth table alone', async () => {
  const before = await refusalsAndRows();
  const { code, text, told } = await ran(a8.url, {});
  expect(code).toBe(0);
  expect(truthTableSchema.parse(JSON.parse(text))).toEqual(told[0]);
  expect(await refusalsAndRows()).toBe(before);
});

test('with --guards the JSON holds them beside the table, A8 is told the table alone, and all kept is exit 0', async () => {
  const { code, text, told } = await ran(a8.url, { guards: true });
  expect(code).toBe(0);
  const { guards, ...table } = JSON.parse(text) as TruthTable & { guards: GuardReport };
  expect(truthTableSchema.parse(table)).toEqual(told[0]);
  expect(guards).toMatchObject({ ok: true, findings: [] });
  expect(guards.guards).toHaveLength(7);
});

test('a guard that is open is exit 1 although every row is green, and the finding is told as findings are', async () => {
  const open = await createHttpStub(async ({ path, headers, body }) => {
    const named = Object.entries(headers).filter(([name]) => /^(x-|content-type|authorization)/.test(name));
    const sent = Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
    const reply = await ask({
      url: `${a8.url}${path}`,
      method: 'POST',
      headers: { ...sent, 'x-scholar-protocol': 'v3.5.1' },
      body,
    });
    const type = String(reply.headers['content-type']);
    return { status: reply.status, headers: { 'content-type': type }, body: JSON.parse(reply.body) };
  });
  try {
    const { code, text } = await ran(open.url, { guards: true });
    expect(code).toBe(1);
    const shown = JSON.parse(text);
    expect(shown.ok).toBe(true);
    expect(shown.guards).toMatchObject({
      ok: false,
      findings: [{ code: 'guard_open', app: 'A8', severity: 'critical', remedy: expect.any(String) }],
    });
    const forPeople = await ran(open.url, { guards: true }, 'table');
    expect(forPeople.text).toContain('7 of 7 green');
    expect(forPeople.text).toContain('6 of 7 guards kept');
  } finally {
    await open.close();
  }
});
