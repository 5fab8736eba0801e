import { silentLogger } from '@scholar/runtime/log';
import { FakeClock } from '@scholar/runtime/testing';
import { createEventRecorder, type EventRecorder, type Said } from './event-recorder.ts';
import { KubeError } from './kube-error.ts';
import { FakeApi } from './testing/fake-api.ts';

const REGARDING = {
  resource: { group: 'scholar.dev', version: 'v1alpha1', plural: 'truthtables', kind: 'TruthTable' },
  metadata: { name: 'scholar', namespace: 'trial', uid: 'u-1' },
};
const RED: Said = { type: 'Warning', reason: 'DegradedRowRed', action: 'Audit', note: 'A6 is red.' };

let api: FakeApi;
let clock: FakeClock;
let dropped: string[];
let recorder: EventRecorder;

beforeEach(() => {
  api = new FakeApi();
  clock = new FakeClock();
  dropped = [];
  recorder = createEventRecorder({
    api,
    controller: 'scholar.dev/operator',
    instance: 'operator-0',
    clock,
    log: silentLogger(),
    onDropped: (why) => dropped.push(why),
  });
});

test('an Event says whom it regards, who reports, and what', async () => {
  await recorder.record(REGARDING, RED);
  expect(api.calls[0]).toMatchObject({
    verb: 'create',
    namespace: 'trial',
    body: {
      ...RED,
      reportingController: 'scholar.dev/operator',
      reportingInstance: 'operator-0',
      eventTime: '2026-01-01T00:00:00.000000Z',
      regarding: { apiVersion: 'scholar.dev/v1alpha1', kind: 'TruthTable', name: 'scholar', uid: 'u-1' },
    },
  });
});

test('the same again is counted in the first Event; after a while it is news again', async () => {
  for (let times = 0; times < 3; times += 1) await recorder.record(REGARDING, RED);
  expect(
    api.calls.map(({ verb, body }) => [verb, (body as { series?: { count: number } }).series?.count]),
  ).toEqual([
    ['create', undefined],
    ['patch', 2],
    ['patch', 3],
  ]);
  await clock.advance(360_000);
  await recorder.record(REGARDING, RED);
  await recorder.record(REGARDING, { ...RED, note: 'A2 is red.' });
  expect(api.verbs().slice(3)).toEqual(['create', 'create']);
});

test('an object that flaps does not flood the cluster, and another one is still heard', async () => {
  for (let times = 0; times < 100; times += 1) await recorder.record(REGARDING, { ...RED, note: `${times}` });
  expect(api.calls).toHaveLength(25);
  expect(dropped).toEqual(Array(75).fill('suppressed'));
  await recorder.record({ ...REGARDING, metadata: { name: 'other', namespace: 'trial', uid: 'u-2' } }, RED);
  await clock.advance(300_000);
  await recorder.record(REGARDING, RED);
  expect(api.calls).toHaveLength(27);
});

test('an Event that cannot be written is counted and stops nobody; the next begins anew', async () => {
  await recorder.record(REGARDING, RED);
  api.refuse = () => {
    throw new KubeError('no such Event', 404, undefined);
  };
  await recorder.record(REGARDING, RED);
  api.refuse = () => undefined;
  await recorder.record(REGARDING, RED);
  expect([api.verbs(), dropped]).toEqual([['create', 'patch', 'create'], ['refused']]);
});

test('a long note is cut where the API server would refuse it, between two characters', async () => {
  await recorder.record(REGARDING, { ...RED, note: 'ä'.repeat(2_000) });
  const { note } = (api.calls[0]?.body ?? { note: '' }) as { note: string };
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
  expect(note).toMatch(/^ä+…$/u);
});
