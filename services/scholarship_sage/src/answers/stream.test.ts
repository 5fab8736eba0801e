import { waitFor } from '@scholar/runtime/testing';
import { beginStream, chunk, says } from '../testing/fake-model.ts';
import { type Answer, createSageRig, type SageRig, textOf, toldBy } from '../testing/sage-rig.ts';

const QUESTION = 'How do I write a scholarship essay?';
const GOOD = 'Tell one concrete story in your essay [1]. Then cut a third of the first draft [1].';

let rig: SageRig;
beforeAll(async () => {
  rig = await createSageRig({ env: { LLM_STREAM: 'true' } });
});
afterAll(() => rig.close());

const eventIds = async () => (await rig.a4.events()).map(({ eventId }) => eventId);

test('the sources come first, then the text sentence by sentence, then the answer with the id of its row; it is one event', async () => {
  const before = await eventIds();
  rig.model.behave(says(GOOD));
  const told = await rig.stream(QUESTION);
  expect(told.map(({ event }) => event)).toEqual(['sources', 'text', 'text', 'done']);
  expect(told[0]?.data['citations']).toMatchObject([
    { source: 'guide/essays#how-to-write-a-scholarship-essay' },
  ]);
  expect(textOf(told)).toBe(GOOD);
  const done = told.at(-1)?.data as unknown as Answer;
  expect(done).toMatchObject({ answer: GOOD, supported: true, provider: 'llm' });
  const { rows } = await rig.a4.pool.query('SELECT event_id FROM answers_log WHERE answer_id = $1', [
    done.answer_id,
  ]);
  const added = (await eventIds()).filter((id) => !before.includes(id));
  expect(added).toEqual(rows.map(({ event_id }) => event_id));
});

test('a sentence is told while the model still speaks', async () => {
  const { promise: heard, resolve: goOn } = Promise.withResolvers<void>();
  rig.model.behave(async (response) => {
    beginStream(response);
    response.write(chunk('Tell one concrete story in your essay [1]. '));
    await heard;
    response.end(`${chunk('Then cut a third of the first draft [1].')}data: [DONE]\n\n`);
  });
  const texts: unknown[] = [];
  const response = await rig.post({ question: QUESTION }, { accept: 'text/event-stream' });
  for await (const { event, data } of toldBy(response)) {
    if (event === 'text') texts.push(data.text);
    if (event === 'text') goOn();
  }
  expect(texts).toEqual([
    'Tell one concrete story in your essay [1]. ',
    'Then cut a third of the first draft [1].',
  ]);
});

test.each([
  ['says no word of it', QUESTION, says('I do not know.'), ['sources', 'replaced', 'text', 'done']],
  ['has no sources', 'What is the capital of France?', says(GOOD), ['sources', 'text', 'done']],
])('when the model %s, the stream ends with "I do not know"', async (_case, question, behaviour, events) => {
  rig.model.behave(behaviour);
  const told = await rig.stream(question);
  expect(told.map(({ event }) => event)).toEqual(events);
  expect(textOf(told)).toMatch(/^I do not know/);
  expect(told.at(-1)?.data).toMatchObject({ supported: false, citations: [] });
});

test('a model that does not stream is told all the same', async () => {
  rig.model.behave((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ message: { content: GOOD } }] }));
  });
  const told = await rig.stream(QUESTION);
  expect(textOf(told)).toBe(GOOD);
  expect(told.at(-1)).toMatchObject({ event: 'done', data: { provider: 'llm' } });
});

test('who wants no stream gets the answer of a model that streams in one piece', async () => {
  rig.model.behave(says(GOOD));
  expect(await rig.ask(QUESTION)).toMatchObject({ answer: GOOD, provider: 'llm' });
});

test('a stream that breaks in the middle says so, and is neither a row nor an event', async () => {
  const [rows, events] = [await rig.answered(), (await eventIds()).length];
  rig.model.behave((response) => {
    beginStream(response);
    response.write(chunk('Tell one concrete story in your essay [1]. And '));
    setTimeout(() => response.destroy(), 50);
  });
  const told = await rig.stream(QUESTION);
  expect(told.map(({ event }) => event)).toEqual(['sources', 'text', 'broken']);
  expect(told.at(-1)?.data).toMatchObject({
    code: 'broken_off',
    detail: expect.stringContaining('no answer'),
  });
  expect([await rig.answered(), (await eventIds()).length]).toEqual([rows, events]);
  expect(await rig.metrics()).toMatch(/sage_streams_total\{[^}]*result="broken"[^}]*\} 1\n/);
});

test('an answer that cannot be committed says so at its end, and is neither a row nor an event', async () => {
  const [rows, events] = [await rig.answered(), (await eventIds()).length];
  rig.model.behave(says(GOOD));
  await rig.a4.pool.query('ALTER TABLE answers_log RENAME TO answers_away');
  const told = await rig
    .stream(QUESTION)
    .finally(() => rig.a4.pool.query('ALTER TABLE answers_away RENAME TO answers_log'));
  expect(told.at(-1)).toMatchObject({ event: 'broken', data: { code: 'internal' } });
  expect([await rig.answered(), (await eventIds()).length]).toEqual([rows, events]);
});

test('who leaves ends the request to the model, and leaves neither a row nor an event', async () => {
  const [rows, events, abandoned] = [await rig.answered(), (await eventIds()).length, rig.model.abandoned];
  rig.model.behave((response) => {
    beginStream(response);
    response.write(chunk('Tell one concrete story in your essay [1]. '));
  });
  const leaves = new AbortController();
  const response = await rig.post({ question: QUESTION }, { accept: 'text/event-stream' }, leaves.signal);
  const told = toldBy(response);
  await told.next();
  await told.next();
  leaves.abort();
  await waitFor(() => rig.model.abandoned > abandoned, { what: 'the end of the request to the model' });
  await waitFor(async () => /result="left"[^}]*\} 1\n/.test(await rig.metrics()));
  expect([await rig.answered(), (await eventIds()).length]).toEqual([rows, events]);
});

test('who leaves without a stream ends the request to the model, too', async () => {
  const { abandoned, requests } = rig.model;
  const before = requests.length;
  rig.model.behave(() => undefined);
  const leaves = new AbortController();
  const asked = rig.post({ question: QUESTION }, {}, leaves.signal).catch(() => 'left');
  await waitFor(() => requests.length > before);
  leaves.abort();
  expect(await asked).toBe('left');
  await waitFor(() => rig.model.abandoned > abandoned, { what: 'the end of the request to the model' });
});

test('nobody in particular, and what is no question, is refused with a status and not with a stream', async () => {
  const accept = { accept: 'text/event-stream' };
  expect((await rig.post({ question: 'Why?' }, { ...accept, authorization: '' })).status).toBe(401);
  expect((await rig.post({ question: '' }, accept)).status).toBe(422);
});
