import type { ServerResponse } from 'node:http';
import { answers, type Behaviour, beginStream, chunk } from '../testing/fake-model.ts';
import { createSageRig, type SageRig, textOf } from '../testing/sage-rig.ts';

const QUESTION = 'How do I write a scholarship essay?';
const HALF = 'Tell one concrete story in your essay [1]. And';

const never: Behaviour = () => undefined;
const flood = (piece: string, begin: (response: ServerResponse) => void): Behaviour => {
  return (response) => {
    begin(response);
    // Bounded by the reader, who gives up; the sender would go on.
    const more = setInterval(() => response.write(piece.repeat(8_000)), 5);
    response.once('close', () => clearInterval(more));
  };
};
const json = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' });

/** Each fault of the table in the README: what it is counted as, and whether words are told before it. */
const FAULTS: [what: string, why: string, Behaviour, words?: 'told'][] = [
  ['is silent', 'slow', never],
  ['begins and falls silent', 'slow', (response) => beginStream(response)],
  [
    'falls silent in the middle',
    'slow',
    (response) => {
      beginStream(response);
      response.write(chunk(HALF));
    },
    'told',
  ],
  ['cuts the connection', 'unreachable', (response) => response.destroy()],
  ['answers 429', 'throttled', answers(429, '{"error":"zanzibar"}')],
  ['answers 500', 'status', answers(500, 'zanzibar')],
  ['leads elsewhere', 'status', answers(302, '')],
  ['is a page', 'nonsense', answers(200, '<html>zanzibar', 'text/html')],
  ['has no text', 'nonsense', answers(200, '{"choices":[]}')],
  ['streams what is no JSON', 'nonsense', answers(200, 'data: zanzibar\n\n', 'text/event-stream')],
  ['streams no text', 'nonsense', answers(200, 'data: [DONE]\n\n', 'text/event-stream')],
  [
    'ends in the middle',
    'broken_off',
    (response) => {
      beginStream(response);
      response.end(chunk(HALF));
    },
    'told',
  ],
  [
    'is cut in the middle',
    'broken_off',
    (response) => {
      beginStream(response);
      response.write(chunk(HALF), () => setTimeout(() => response.destroy(), 50));
    },
    'told',
  ],
  ['never ends its document', 'oversized', flood('zanzibar ', json)],
  ['never ends its line', 'oversized', flood('data: zanzibar ', beginStream)],
];

describe.each([
  ['in chunks', 'true', FAULTS],
  ['in one piece', 'false', FAULTS.filter(([what, why]) => why !== 'slow' || what === 'is silent')],
] as const)('a model that was asked for its answer %s', (_how, streams, faults) => {
  let rigs: Record<'patient' | 'impatient', SageRig>;
  beforeAll(async () => {
    const env = { LLM_STREAM: streams };
    const [patient, impatient] = await Promise.all([
      createSageRig({ env }),
      createSageRig({ env: { ...env, LLM_TIMEOUT: '2s' } }),
    ]);
    rigs = { patient, impatient };
  });
  afterAll(() => Promise.all([rigs.patient.close(), rigs.impatient.close()]));

  const failures = async (rig: SageRig, why: string) => {
    const line = new RegExp(`sage_llm_failures_total\\{[^}]*why="${why}"[^}]*\\} (\\d+)`).exec(
      await rig.metrics(),
    );
    return Number(line?.[1] ?? 0);
  };

  test.each(faults.map(([what, why, behaviour, words]) => [what, why, behaviour, words === 'told'] as const))(
    'and %s costs its time alone (%s)',
    async (_what, why, behaviour, told) => {
      // Who waits long enough sees the fault for what it is, on a busy machine, too.
      const rig = rigs[why === 'slow' ? 'impatient' : 'patient'];
      rig.model.behave(behaviour);
      const [rows, counted] = [await rig.answered(), await failures(rig, why)];
      const startedMs = performance.now();
      const [answer, streamed] = await Promise.all([rig.ask(QUESTION), rig.stream(QUESTION)]);
      expect(performance.now() - startedMs).toBeLessThan(20_000);
      expect(answer).toMatchObject({
        provider: 'extractive',
        supported: true,
        fallback: 'model_failed',
        note: expect.stringContaining('from its sources'),
      });
      if (told) {
        expect(streamed.at(-1)).toMatchObject({ event: 'broken', data: { code: 'broken_off' } });
      } else {
        expect(streamed.at(-1)).toMatchObject({ event: 'done', data: { fallback: 'model_failed' } });
        expect(textOf(streamed)).toBe(answer.answer);
      }
      expect(await rig.answered()).toBe(rows + (told ? 1 : 2));
      expect(await failures(rig, why)).toBe(counted + 2);
    },
  );

  test('nothing that it said in its faults is in a log', () => {
    const text = rigs.patient.logs.text() + rigs.impatient.logs.text();
    expect(text).toContain('LLM_URL');
    expect(text).not.toMatch(/zanzibar|essay/i);
  });
});

test('an answer whose words come too slowly in all is given up', async () => {
  const rig = await createSageRig({
    env: { LLM_STREAM: 'true', LLM_TIMEOUT: '20s', LLM_STREAM_TIMEOUT: '600ms' },
  });
  rig.model.behave((response) => {
    beginStream(response);
    const more = setInterval(() => response.write(chunk('experience ')), 50);
    response.once('close', () => clearInterval(more));
  });
  const told = await rig.stream(QUESTION);
  expect(told.at(-1)).toMatchObject({ event: 'done', data: { fallback: 'model_failed' } });
  await rig.close();
});
