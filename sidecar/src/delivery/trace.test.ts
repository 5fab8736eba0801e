import { HEADER, parseTraceparent } from '@scholar/contract';
import { createOtlpReceiver, waitFor } from '@scholar/runtime/testing';
import { A8StandIn, answers, type Behaviour, confirm } from '../testing/a8-stand-in.ts';
import { startForwarder, stopForwarders, type TestForwarder } from '../testing/start-forwarder.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

let a8: A8StandIn;
let forwarder: TestForwarder;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
  forwarder = await startForwarder({ url: a8.url });
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

const sent = () => a8.received.map(({ headers }) => parseTraceparent(String(headers[HEADER.traceparent])));

const stored = (id: string) =>
  waitFor(async () => (await forwarder.get(`/events/${id}`)).body.state === 'delivered');

test('where spans are taken, each attempt is a place of its own in the trace of the event, below the one that lies on the disk', async () => {
  await stopForwarders();
  const collector = await createOtlpReceiver();
  forwarder = await startForwarder({ url: a8.url, otlpEndpoint: collector.url });
  const asked: Behaviour[] = [answers(503), answers(503)];
  a8.behaviour = (received, response) => (asked.shift() ?? confirm)(received, response);
  const { id } = await forwarder.post({ headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-00` } });
  await stored(id);
  expect(sent()).toHaveLength(3);
  expect(sent().map((context) => ({ ...context, spanId: undefined }))).toEqual(
    Array(3).fill({ traceId: TRACE, sampled: false }),
  );
  const kept = parseTraceparent((await forwarder.outbox.read(id))?.headers[HEADER.traceparent]);
  const places = new Set(['b7ad6b7169203331', kept?.spanId, ...sent().map((context) => context?.spanId)]);
  expect(kept?.traceId).toBe(TRACE);
  expect(places.size).toBe(5);
  await stopForwarders();
  await collector.close();
});

test('where nobody takes spans, A8 is told the place that lies on the disk', async () => {
  const { id } = await forwarder.post({ headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } });
  await stored(id);
  const kept = (await forwarder.outbox.read(id))?.headers[HEADER.traceparent];
  expect(parseTraceparent(kept)?.traceId).toBe(TRACE);
  expect(a8.received.map(({ headers }) => headers[HEADER.traceparent])).toEqual([kept]);
});

test.each([
  ['no traceparent', {}],
  ['one of zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
  ['one that is none', { traceparent: 'x'.repeat(55) }],
])('with %s an event is taken, and begins a trace', async (_what, headers) => {
  const answer = await forwarder.post({ headers });
  expect(answer.status).toBe(202);
  await stored(answer.id);
  expect(sent()).toEqual([
    { traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: expect.anything(), sampled: true },
  ]);
  expect(sent()[0]?.traceId).not.toBe('0'.repeat(32));
});

test('of an event that is owed it is told when it was first tried and why that failed', async () => {
  a8.behaviour = answers(503);
  const { id } = await forwarder.post();
  const told = await waitFor(async () => {
    const { body } = await forwarder.get(`/events/${id}`);
    return body.last_miss === null ? undefined : body;
  });
  expect(told).toMatchObject({ state: 'queued', last_miss: '5xx' });
  expect(Date.parse(told.first_attempt_at)).toBeGreaterThanOrEqual(Date.parse(told.accepted_at));
});
