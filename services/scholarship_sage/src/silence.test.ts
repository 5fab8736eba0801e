import { createOtlpReceiver, type OtlpReceiver, waitFor } from '@scholar/runtime/testing';
import { answers, type Behaviour, beginStream, chunk, says } from './testing/fake-model.ts';
import { createSageRig, readTold, type SageRig } from './testing/sage-rig.ts';

/** A word that stands in every question of this run, and nowhere else. */
const MARKER = 'xylophrastic';
const QUESTION = `How do I write a scholarship essay, ${MARKER}?`;

const repeats: Behaviour = says(`Tell one concrete story in your ${MARKER} essay [1].`);
const half: Behaviour = (response) => {
  beginStream(response);
  response.write(chunk(`Tell one concrete ${MARKER} story [1]. And`), () =>
    setTimeout(() => response.destroy(), 50),
  );
};

/** Whatever a model may do with a question. */
const BEHAVIOURS: [string, Behaviour][] = [
  ['repeats it', repeats],
  ['breaks a rule with it', says(`<b>${MARKER}</b> [1].`)],
  ['does not know', says('I do not know.')],
  ['refuses it', answers(429, JSON.stringify({ error: { message: MARKER } }))],
  ['fails over it', answers(500, MARKER)],
  ['answers nonsense', answers(200, `{"${MARKER}":`)],
  ['streams nonsense', answers(200, `data: ${MARKER}\n\n`, 'text/event-stream')],
  ['leads elsewhere with it', (response) => response.writeHead(302, { location: `/?q=${MARKER}` }).end()],
  ['is silent', () => undefined],
  ['breaks off', half],
  ['cuts the connection', (response) => response.destroy()],
];

let rig: SageRig;
let collector: OtlpReceiver;
beforeAll(async () => {
  collector = await createOtlpReceiver();
  rig = await createSageRig({
    env: { LLM_STREAM: 'true', LLM_TIMEOUT: '500ms', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
});
afterAll(async () => {
  await rig.close();
  await collector.close();
});

test('no word of a question is in a log line, an event, a row, a metric or a span, whatever becomes of it', async () => {
  const { a4 } = rig;
  const service = { authorization: `Bearer ${await a4.identity.serviceToken('student_pilot')}` };
  let answered = 0;
  for (const [, behaviour] of BEHAVIOURS) {
    rig.model.behave(behaviour);
    await rig.ask(QUESTION);
    const told = await readTold(
      await rig.post({ question: QUESTION, student_id: 'u-1' }, { ...service, accept: 'text/event-stream' }),
    );
    answered += 1 + (told.at(-1)?.event === 'done' ? 1 : 0);
  }
  rig.model.behave(repeats);
  // Refused, malformed, without sources, by a canary.
  for (const body of [{ question: MARKER.repeat(60) }, { question: [MARKER] }, { [MARKER]: MARKER }])
    expect((await rig.post(body)).status).toBe(422);
  expect((await rig.post({ question: `\ud800${MARKER}` })).status).toBe(400);
  expect((await rig.post({ question: QUESTION }, { authorization: `Bearer ${MARKER}` })).status).toBe(401);
  await rig.ask(MARKER);
  await rig.ask(QUESTION, { 'x-scholar-canary': a4.canaryToken() });
  answered += 2;
  // Who asks leaves.
  const { abandoned } = rig.model;
  rig.model.behave(() => undefined);
  const leaves = new AbortController();
  const asked = rig
    .post({ question: QUESTION }, { accept: 'text/event-stream' }, leaves.signal)
    .catch(() => undefined);
  setTimeout(() => leaves.abort(), 100);
  await (await asked)?.text().catch(() => undefined);
  await waitFor(() => rig.model.abandoned > abandoned);
  // What it needs is broken: the search, then the row of the answer.
  await a4.pool.query('ALTER TABLE passages RENAME TO passages_away');
  await rig.ask(QUESTION);
  answered += 1;
  await a4.pool.query('ALTER TABLE passages_away RENAME TO passages');
  await a4.pool.query('ALTER TABLE answers_log RENAME TO answers_away');
  expect((await rig.post({ question: QUESTION })).status).toBe(500);
  await readTold(await rig.post({ question: QUESTION }, { accept: 'text/event-stream' }));
  await a4.pool.query('ALTER TABLE answers_away RENAME TO answers_log');

  const events = await a4.events();
  // The run has been what it claims to be: questions were answered, failed, and seen by everybody who keeps things.
  expect(events).toHaveLength(answered);
  expect(await rig.answered()).toBe(answered);
  expect(rig.model.requests.length).toBeGreaterThan(BEHAVIOURS.length);
  await waitFor(() => collector.spans().filter(({ name }) => name === 'POST /answers').length > 10);
  const kept: Record<string, string> = {
    logs: rig.logs.text(),
    events: JSON.stringify(events),
    rows: await everyRow(),
    metrics: await rig.metrics(),
    running: await (await fetch(`${a4.opsUrl}/running`)).text(),
    spans: JSON.stringify(collector.spans()),
  };
  for (const [where, text] of Object.entries(kept)) {
    expect([where, text.length > 100]).toEqual([where, true]);
    expect([where, new RegExp(MARKER, 'i').test(text)]).toEqual([where, false]);
  }
});

/** Every table that this service has, passages aside, which are the catalogue's. */
async function everyRow(): Promise<string> {
  const { pool } = rig.a4;
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => JSON.stringify((await pool.query(`SELECT * FROM ${name}`)).rows)),
  );
  return texts.join('\n');
}
