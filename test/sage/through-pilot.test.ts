import { readMessages, type SseMessage } from '@scholar/runtime/sse';
import { createServiceHarness, type ServiceHarness, waitFor } from '@scholar/runtime/testing';
import { service as sage } from '../../services/scholarship_sage/src/service.ts';
import {
  beginStream,
  chunk,
  createFakeModel,
  type FakeModel,
  says,
} from '../../services/scholarship_sage/src/testing/fake-model.ts';
import { service as pilot } from '../../services/student_pilot/src/service.ts';

const QUESTION = 'How do I write a scholarship essay?';
const GOOD = 'Tell one concrete story in your essay [1]. Then cut a third of the first draft [1].';

let model: FakeModel;
let a4: ServiceHarness;
let a5: ServiceHarness;
beforeAll(async () => {
  model = await createFakeModel();
  a4 = await createServiceHarness(sage, {
    env: { LLM_URL: model.url, LLM_STREAM: 'true', LLM_TIMEOUT: '20s' },
  });
  // One scholar_auth for both: what A5 shows is what A4 believes.
  a5 = await createServiceHarness(pilot, {
    env: { A1_URL: a4.identity.url, A4_URL: a4.url, ASK_TIMEOUT: '25s' },
  });
  await waitFor(async () => (await a4.pool.query('SELECT FROM passages')).rowCount, { what: 'the guide' });
});
afterAll(async () => {
  await a5?.stop();
  await a4?.stop();
  await model?.close();
});

async function ask(subject: string, signal?: AbortSignal): Promise<Response> {
  const token = await a4.identity.userToken({ subject });
  return a5.fetch('/ask', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ question: QUESTION }),
    ...(signal ? { signal } : {}),
  });
}

async function told(subject: string): Promise<SseMessage[]> {
  const messages: SseMessage[] = [];
  const { body } = await ask(subject);
  if (body) for await (const each of readMessages(body, { maxBytes: 1e6 })) messages.push(each);
  return messages;
}

const eventsOf = async (subject: string) =>
  (await a4.events()).filter(({ event }) => event.actor_id === subject).map(({ event }) => event.event_type);

test('from the model through A4 and A5 to a student: sources, sentences, the answer, and one event of this student', async () => {
  model.behave(says(GOOD));
  const messages = await told('ada');
  expect(messages.map(({ event }) => event)).toEqual(['sources', 'text', 'text', 'done']);
  expect(JSON.parse(messages.at(-1)?.data ?? '')).toMatchObject({ answer: GOOD, provider: 'llm' });
  expect(await eventsOf('ada')).toEqual(['SageAssist']);
});

test('an answer that breaks off at the model is told to the student as broken, and is no event', async () => {
  model.behave((response) => {
    beginStream(response);
    response.end(chunk('Tell one concrete story in your essay [1]. And'));
  });
  expect((await told('bob')).map(({ event }) => event)).toEqual(['sources', 'text', 'broken']);
  expect(await eventsOf('bob')).toEqual([]);
});

test('a student who leaves ends the request to the model, two services further', async () => {
  const { abandoned } = model;
  model.behave((response) => {
    beginStream(response);
    response.write(chunk('Tell one concrete story in your essay [1]. '));
  });
  const leaves = new AbortController();
  const response = await ask('eve', leaves.signal);
  await response.body?.getReader().read();
  leaves.abort();
  await waitFor(() => model.abandoned > abandoned, { what: 'the end of the request to the model' });
  expect(await eventsOf('eve')).toEqual([]);
});
