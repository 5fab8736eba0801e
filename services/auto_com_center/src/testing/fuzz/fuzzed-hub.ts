import { createTestDatabase, freePort, spawnService, tempDir, waitFor } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { exchange, sendEvent } from '../send.ts';
import { CANARY_KEY, KEYS, writeKey } from '../start-hub.ts';
import { type Conversation, conversation } from './requests.ts';
import { type Answer, talk } from './talk.ts';
import { PERSON } from './texts.ts';

const ENTRY = new URL('../../main.ts', import.meta.url);
/** Longer than any time limit of A8 for a sender that is slow. */
const PATIENCE_MS = 60_000;
/** What nobody may find in anything that A8 says, wherever it was put. */
const UNSPEAKABLE = [PERSON, CANARY_KEY, ...Object.values(KEYS)];

export type FuzzOptions = { seed: number; runs?: number; seconds?: number };
export type FuzzReport = { conversations: number; statuses: Record<string, number> };

/**
 * Talks to a real A8 process as no client should, and checks after each talk that it answered as documented, and after all
 * that it lives, logs no error, has told nobody's data and stores a good event.
 * @throws Error with the shrunk counter-example and the seed when a promise was broken.
 */
export async function fuzz({ seed, runs, seconds }: FuzzOptions): Promise<FuzzReport> {
  const hub = await startProcess();
  const report: FuzzReport = { conversations: 0, statuses: {} };
  try {
    const property = fc.asyncProperty(
      fc.array(conversation, { minLength: 8, maxLength: 16 }),
      async (all) => {
        await Promise.all(all.map((one) => converse(hub.ports[one.to], one, report)));
        if (hub.process.child.exitCode !== null)
          throw new Error(`A8 ended:\n${hub.process.output().slice(-2_000)}`);
        const { answer } = await sendEvent(hub.url);
        if (answer.status !== 201) throw new Error(`a good event was answered ${JSON.stringify(answer)}`);
        judgeTold('the log', hub.process.output());
      },
    );
    await fc.assert(property, {
      seed,
      includeErrorInReport: true,
      numRuns: runs ?? Number.MAX_SAFE_INTEGER,
      ...(seconds === undefined
        ? {}
        : { interruptAfterTimeLimit: seconds * 1_000, markInterruptAsFailure: false }),
    });
    await judgeAfterwards(hub);
    return report;
  } finally {
    await hub.stop();
  }
}

async function converse(port: number, { pieces, end }: Conversation, report: FuzzReport): Promise<void> {
  const heard = await talk({ port, pieces, end, patienceMs: PATIENCE_MS });
  report.conversations += 1;
  if (!heard.closed) throw new Error('the connection was neither answered to its end nor cut');
  for (const answer of heard.answers) {
    report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
    judgeAnswer(answer);
  }
}

/** 5xx only as documented, refusals as problem documents (or pages), and nobody's data in any of them. */
function judgeAnswer(answer: Answer): void {
  const { status, headers, body } = answer;
  const shown = `${status}\n${headers}\n${body.slice(0, 500)}`;
  judgeTold('an answer', `${headers}\n${body}`);
  if (status >= 500 && !(status === 503 && /^retry-after: \d/im.test(headers)))
    throw new Error(`a 5xx that is not documented: ${shown}`);
  // Node answers a foreign Expect by itself, with a status and nothing else.
  if (status < 400 || status === 417 || body === '') return;
  if (!/^content-type: (application\/problem\+json|text\/html)/im.test(headers))
    throw new Error(`a refusal that is no problem document: ${shown}`);
}

function judgeTold(where: string, told: string): void {
  const found = UNSPEAKABLE.find((one) => told.includes(one));
  if (found !== undefined) throw new Error(`${where} holds "${found}"`);
}

async function judgeAfterwards(hub: FuzzedHub): Promise<void> {
  const metrics = await exchange(`${hub.opsUrl}/metrics`, { method: 'GET' });
  judgeTold('/metrics', String(metrics.body['text']));
  const rejected = await exchange(`${hub.url}/rejected?limit=500&simulated=include`, {
    method: 'GET',
    headers: { authorization: `Bearer ${KEYS.read}` },
  });
  judgeTold('/rejected', JSON.stringify(rejected.body));
  const errors = hub.process.output().match(/^.*"level":"(?:error|fatal)".*$/gm) ?? [];
  if (errors.length > 0) throw new Error(`A8 logged ${errors.length} errors: ${errors[0]}`);
  await waitFor(async () => (await exchange(`${hub.opsUrl}/ready`, { method: 'GET' })).status === 200);
}

type FuzzedHub = Awaited<ReturnType<typeof startProcess>>;

async function startProcess() {
  const database = await createTestDatabase();
  const keysDir = await tempDir('keys');
  for (const role of ['emit', 'read', 'operations'] as const)
    await writeKey(keysDir, role, { key: KEYS[role], role });
  const [port, opsPort] = [await freePort(), await freePort()];
  const env = {
    ...{ HOST: '127.0.0.1', PORT: String(port), OPS_HOST: '127.0.0.1', OPS_PORT: String(opsPort) },
    ...{ DATABASE_URL: database.url, A8_KEYS_DIR: keysDir, CANARY_KEY },
  };
  const process = spawnService({ entry: ENTRY, env });
  const stop = async () => {
    await process.stop();
    await database.drop();
  };
  try {
    await process.waitForOutput(/"msg":"started"/, 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  const ports = { public: port, ops: opsPort };
  return { ports, url: `http://127.0.0.1:${port}`, opsUrl: `http://127.0.0.1:${opsPort}`, process, stop };
}
