import { createLogger } from '@scholar/runtime/log';
import { waitFor } from '@scholar/runtime/testing';
import { stringify } from 'yaml';
import { NotLeading } from '../controller/guarded-api.ts';
import type { KubeObject } from '../kube/api-call.ts';
import { keepTableOfFile, tableOf } from './table-file.ts';
import { specOf } from './testing/facts.ts';

const labels = { 'app.kubernetes.io/instance': 'scholar' };

const text = (canaryInterval: string): string =>
  stringify({ metadata: { name: 'scholar', labels }, spec: specOf(['scholar_auth'], { canaryInterval }) });

/** A file that is read again as often as the test lets it. */
function rig(first: string) {
  const state = { text: first, isThere: false, leads: true, reads: 0 };
  const applied: KubeObject[] = [];
  const warnings: string[] = [];
  let wake: (() => void) | undefined;
  const loop = keepTableOfFile({
    read: async () => {
      state.reads += 1;
      return state.text;
    },
    applier: {
      apply: async (_, object) => {
        if (!state.leads) throw new NotLeading('this process does not lead');
        applied.push(object);
        state.isThere = true;
        return object;
      },
    },
    isThere: (key) => key === 'trial/scholar' && state.isThere,
    namespace: 'trial',
    clock: {
      now: () => 0,
      monotonic: () => 0,
      sleep: (_, signal) =>
        new Promise((resolve) => {
          wake = resolve;
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    log: createLogger({
      label: 'test',
      role: 'operator',
      level: 'warn',
      destination: { write: (line: string) => void warnings.push(line) },
    }),
  });
  loop.start();
  const asleep = () => waitFor(async () => wake !== undefined, { what: 'the loop to wait' });
  return {
    state,
    applied,
    warnings,
    /** The file has been read at least once more when it resolves. */
    again: async () => {
      await asleep();
      const next = wake;
      wake = undefined;
      next?.();
      await asleep();
    },
    asleep,
    stop: () => loop.stop(),
  };
}

test('the table of the file is applied once, again when its text changes, and again when it is gone', async () => {
  const { state, applied, again, asleep, stop } = rig(text('1m'));
  await asleep();
  await again();
  expect(applied).toHaveLength(1);
  expect(applied[0]).toMatchObject({
    metadata: { name: 'scholar', namespace: 'trial', labels },
    spec: { canaryInterval: '1m' },
  });
  state.text = text('2m');
  await again();
  expect(applied[1]).toMatchObject({ spec: { canaryInterval: '2m' } });
  state.isThere = false;
  await again();
  await again();
  expect(applied).toHaveLength(3);
  await stop();
});

test('a follower applies nothing and says nothing, and does it once it leads', async () => {
  const { state, applied, warnings, again, asleep, stop } = rig(text('1m'));
  state.leads = false;
  await asleep();
  state.isThere = false;
  const before = applied.length;
  await again();
  expect([applied.length - before, warnings]).toEqual([0, []]);
  state.leads = true;
  await again();
  expect(applied.length - before).toBe(1);
  await stop();
});

test('a file that is no table is told once, and what comes after it is applied', async () => {
  const { state, applied, warnings, again, asleep, stop } = rig('spec: {}');
  await asleep();
  await again();
  await again();
  expect([applied, warnings.length]).toEqual([[], 1]);
  state.text = text('1m');
  await again();
  expect(applied).toHaveLength(1);
  await stop();
});

test('what the file leaves out stays left out, for the API server to fill in', () => {
  const { apps, ...spec } = specOf(['scholar_auth']);
  const [{ secrets: _, ...app } = apps[0] as (typeof apps)[number]] = apps;
  const { canaryInterval: __, ...bare } = { ...spec, apps: [app] };
  expect(tableOf(stringify({ metadata: { name: 'scholar' }, spec: bare })).spec).toEqual(bare);
});

test.each([
  [
    'an unknown field',
    { metadata: { name: 'scholar' }, spec: { ...specOf(['scholar_auth']), remdy: 'Repair' } },
  ],
  ['a name that is none', { metadata: { name: 'My Table' }, spec: specOf(['scholar_auth']) }],
])('%s is refused', (_, document) => {
  expect(() => tableOf(stringify(document))).toThrow(/remdy|name/);
});
