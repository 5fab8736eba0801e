import { KubeError } from '../kube/kube-error.ts';
import { FakeApi } from '../kube/testing/fake-api.ts';
import { counted, leaderOnly, NotLeading } from './guarded-api.ts';
import { isNews, keptTable, knownTable, TRUTH_TABLES } from './truth-tables.ts';

test('who does not lead reads and writes nothing', async () => {
  const api = new FakeApi();
  let leads = true;
  const guarded = leaderOnly(api, () => leads);
  await guarded.request({ verb: 'patch', resource: TRUTH_TABLES });
  leads = false;
  await guarded.request({ verb: 'get', resource: TRUTH_TABLES });
  for (const verb of ['create', 'update', 'patch', 'delete'] as const)
    await expect(guarded.request({ verb, resource: TRUTH_TABLES })).rejects.toThrow(NotLeading);
  expect(api.verbs()).toEqual(['patch', 'get']);
});

test('every call is counted with what came of it', async () => {
  const api = new FakeApi();
  const said: string[] = [];
  const metered = counted(api, ({ verb }, status) => said.push(`${verb} ${status}`));
  await metered.request({ verb: 'list', resource: TRUTH_TABLES });
  await metered.stream({ verb: 'watch', resource: TRUTH_TABLES });
  for (const status of [409, undefined]) {
    api.refuse = () => {
      throw new KubeError('no', status, undefined);
    };
    await expect(metered.request({ verb: 'patch', resource: TRUTH_TABLES })).rejects.toThrow('no');
  }
  expect(said).toEqual(['list ok', 'watch ok', 'patch 409', 'patch none']);
});

const table = (generation: number, status: object, uid = 'u-1') =>
  keptTable({
    metadata: {
      name: 'a',
      namespace: 'trial',
      uid,
      generation,
      resourceVersion: '1',
      labels: { much: 'more' },
    },
    ...{ spec: { environment: 'staging' }, status },
  });

test('what is kept of a table is what a pass needs', () => {
  expect(knownTable(table(1, { p95WriteMs: 3 }))).toEqual({
    metadata: { name: 'a', namespace: 'trial', uid: 'u-1', generation: 1 },
    spec: { environment: 'staging' },
    status: { p95WriteMs: 3 },
  });
});

test('a new spec, a new object and an end are news; our own status is none', () => {
  const before = table(1, {});
  expect(isNews(table(1, { p95WriteMs: 3 }), before)).toBe(false);
  expect(isNews(table(2, {}), before)).toBe(true);
  expect(isNews(table(1, {}, 'u-2'), before)).toBe(true);
  expect(isNews(undefined, before)).toBe(true);
  expect(isNews(before, undefined)).toBe(true);
});
