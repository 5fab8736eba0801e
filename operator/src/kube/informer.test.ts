import { silentLogger } from '@scholar/runtime/log';
import { FakeClock, waitFor } from '@scholar/runtime/testing';
import type { ApiCall } from './api-call.ts';
import { createInformer, type Informer } from './informer.ts';
import { KubeError } from './kube-error.ts';
import { FakeApi, type FakeWatch, fakeObject } from './testing/fake-api.ts';

const RESOURCE = { group: 'scholar.dev', version: 'v1alpha1', plural: 'truthtables', kind: 'TruthTable' };

let api: FakeApi;
let clock: FakeClock;
let told: string[];
let informer: Informer<string>;

beforeEach(() => {
  api = new FakeApi();
  clock = new FakeClock();
  told = [];
  informer = createInformer({
    api,
    resource: RESOURCE,
    keep: ({ metadata }) => metadata.resourceVersion ?? '',
    onChange: (key, now, before) => told.push(`${key} ${before ?? '-'}>${now ?? '-'}`),
    clock,
    random: () => 0.5,
    log: silentLogger(),
    idleMs: 130_000,
  });
});

afterEach(() => informer.stop());

/** The nth watch (from 1), once it is there; time passes until then. */
async function watchNumber(count: number): Promise<FakeWatch> {
  await waitFor(async () => {
    if (api.watches.length < count) await clock.advance(50);
    return api.watches.length >= count;
  });
  const watch = api.watches[count - 1];
  if (watch === undefined) throw new Error(`there is no watch ${count}`);
  return watch;
}

const heard = (count: number) => waitFor(() => told.length >= count);

test('one list, page by page, then a watch from its version with bookmarks', async () => {
  api.objects = Array.from({ length: 1_201 }, (_each, index) => fakeObject(`t${index}`, 7));
  api.version = 9;
  informer.start();
  const { call } = await watchNumber(1);
  expect(api.verbs()).toEqual(['list', 'list', 'list', 'watch']);
  expect(call.query).toMatchObject({ resourceVersion: '9', allowWatchBookmarks: true, timeoutSeconds: 450 });
  expect([informer.size(), informer.isSynced(), told.length]).toEqual([1_201, true, 1_201]);
});

test('what is said is known, and said once', async () => {
  api.objects = [fakeObject('a', 1)];
  informer.start();
  const watch = await watchNumber(1);
  watch.say('ADDED', fakeObject('b', 2));
  watch.say('MODIFIED', fakeObject('a', 3));
  watch.say('MODIFIED', fakeObject('a', 3));
  watch.say('DELETED', fakeObject('b', 4));
  await heard(4);
  expect(told).toEqual(['trial/a ->1', 'trial/b ->2', 'trial/a 1>3', 'trial/b 2>-']);
  expect([...informer.keys()]).toEqual(['trial/a']);
});

const failures: [string, (watch: FakeWatch) => void][] = [
  ['the server ends it', (watch) => watch.end()],
  ['the connection breaks', (watch) => watch.fail(new TypeError('terminated'))],
  ['the server says an error', (watch) => watch.say('ERROR', { code: 500, message: 'etcd is away' })],
  ['a line is no JSON', (watch) => watch.line('{"type":"ADDED","obj')],
  ['an object has no metadata', (watch) => watch.say('ADDED', {})],
];

test.each(failures)(
  'after a watch that fails (%s) it goes on where it was, without a list',
  async (_what, fail) => {
    informer.start();
    const first = await watchNumber(1);
    first.say('ADDED', fakeObject('a', 5));
    first.say('BOOKMARK', { metadata: { resourceVersion: '8' } });
    await heard(1);
    fail(first);
    const second = await watchNumber(2);
    expect(second.call.query?.['resourceVersion']).toBe('8');
    second.say('DELETED', fakeObject('a', 9));
    await heard(2);
    expect(api.verbs()).toEqual(['list', 'watch', 'watch']);
  },
);

test('a watch on which nothing is heard, not even a bookmark, counts as dead', async () => {
  informer.start();
  const first = await watchNumber(1);
  await clock.advance(129_000);
  first.say('BOOKMARK', { metadata: { resourceVersion: '2' } });
  first.say('ADDED', fakeObject('a', 3));
  await heard(1);
  await clock.advance(129_000);
  expect(api.watches).toHaveLength(1);
  await clock.advance(2_000);
  const second = await watchNumber(2);
  expect(first.call.signal?.aborted).toBe(true);
  expect(second.call.query?.['resourceVersion']).toBe('3');
  expect(api.verbs()).toEqual(['list', 'watch', 'watch']);
});

test.each<[string, (watch: FakeWatch) => void]>([
  ['in the watch', (watch) => watch.say('ERROR', { code: 410, message: 'too old resource version' })],
  [
    'as the answer',
    (watch) => {
      let once = true;
      api.refuse = ({ verb }: ApiCall) => {
        if (verb === 'watch' && once) {
          once = false;
          throw new KubeError('gone', 410, undefined);
        }
      };
      watch.end();
    },
  ],
])('a 410 %s lists anew: what vanished is told, what is the same is not', async (_where, fail) => {
  api.objects = [fakeObject('stays', 1), fakeObject('goes', 1), fakeObject('changes', 1)];
  informer.start();
  const first = await watchNumber(1);
  await heard(3);
  api.objects = [fakeObject('stays', 1), fakeObject('changes', 6), fakeObject('comes', 7)];
  api.version = 8;
  fail(first);
  const second = await watchNumber(2);
  expect(told.slice(3).sort()).toEqual(['trial/changes 1>6', 'trial/comes ->7', 'trial/goes 1>-']);
  expect(second.call.query?.['resourceVersion']).toBe('8');
});

test('a deleted object that was made anew under its name is a change, also with the same version', async () => {
  api.objects = [fakeObject('a', 1)];
  informer.start();
  const watch = await watchNumber(1);
  const anew = fakeObject('a', 1);
  watch.say('ADDED', { metadata: { ...anew.metadata, uid: 'another' } });
  await heard(2);
  expect(told).toEqual(['trial/a ->1', 'trial/a 1>1']);
});

test('while the server is away it tries again and again, ever more slowly, and recovers by itself', async () => {
  api.refuse = () => {
    throw new KubeError('away', undefined, undefined);
  };
  informer.start();
  await waitFor(() => informer.failures() > 0 && clock.sleeping > 0);
  await clock.advance(600_000);
  // 0.05 + half of 0.5, 1, 2, 4, 8, 16 s, then half of 30 s each time.
  expect(api.calls.length).toBeGreaterThan(30);
  expect(api.calls.length).toBeLessThan(60);
  expect([informer.isSynced(), informer.failures() > 30]).toEqual([false, true]);
  api.refuse = () => undefined;
  const watch = await watchNumber(1);
  expect(informer.isSynced()).toBe(true);
  watch.say('BOOKMARK', { metadata: { resourceVersion: '2' } });
  await waitFor(() => informer.failures() === 0);
});

test('stopped, it ends its watch and asks no more', async () => {
  informer.start();
  const watch = await watchNumber(1);
  await informer.stop();
  await clock.advance(600_000);
  expect(watch.call.signal?.aborted).toBe(true);
  expect(api.verbs()).toEqual(['list', 'watch']);
});

describe('a server that begins a watch with what is there', () => {
  const end = { metadata: { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } } };

  beforeEach(() => {
    api.streamsAll = true;
  });

  test('is never listed, and the same watch goes on with what changes', async () => {
    informer.start();
    const watch = await watchNumber(1);
    expect(watch.call.query).toMatchObject({
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    watch.say('ADDED', fakeObject('a', 5));
    watch.say('ADDED', fakeObject('b', 7));
    await heard(2);
    expect(informer.isSynced()).toBe(false);
    watch.say('BOOKMARK', end);
    await informer.synced;
    watch.say('DELETED', fakeObject('a', 10));
    await heard(3);
    watch.end();
    const second = await watchNumber(2);
    expect(second.call.query).toMatchObject({ resourceVersion: '10' });
    expect(second.call.query).not.toHaveProperty('sendInitialEvents');
    expect([api.verbs(), [...informer.keys()]]).toEqual([['watch', 'watch'], ['trial/b']]);
  });

  test('and is cut before all was said is asked for all again: half of it is not taken for the whole', async () => {
    informer.start();
    const first = await watchNumber(1);
    first.say('ADDED', fakeObject('a', 5));
    await heard(1);
    first.fail(new TypeError('terminated'));
    const second = await watchNumber(2);
    expect(second.call.query).toMatchObject({ sendInitialEvents: true });
    second.say('ADDED', fakeObject('a', 5));
    second.say('ADDED', fakeObject('b', 6));
    second.say('BOOKMARK', end);
    await informer.synced;
    expect(told).toEqual(['trial/a ->5', 'trial/b ->6']);
  });

  test('and no longer has what came after our version says all again: what vanished is told', async () => {
    informer.start();
    const first = await watchNumber(1);
    for (const name of ['stays', 'goes']) first.say('ADDED', fakeObject(name, 5));
    first.say('BOOKMARK', end);
    await informer.synced;
    first.say('ERROR', { code: 410, message: 'too old resource version' });
    const second = await watchNumber(2);
    second.say('ADDED', fakeObject('stays', 5));
    second.say('BOOKMARK', end);
    await heard(3);
    expect(told.at(-1)).toBe('trial/goes 5>-');
    expect(api.verbs()).toEqual(['watch', 'watch']);
  });
});
