import { pathOf } from './api-call.ts';
import { createApplier } from './server-side-apply.ts';
import { FakeApi } from './testing/fake-api.ts';

const RESOURCE = { group: 'scholar.dev', version: 'v1alpha1', plural: 'truthtables', kind: 'TruthTable' };
const metadata = { name: 'scholar', namespace: 'trial', uid: 'u-1' };

test('a status is one patch under our name, guarded by the identity of the object', async () => {
  const api = new FakeApi();
  const applier = createApplier({ api, fieldManager: 'scholar-operator' });
  const written = await applier.applyStatus(RESOURCE, { metadata, current: {}, status: { p95WriteMs: 1 } });
  expect([written, api.calls.length]).toEqual([true, 1]);
  const [call] = api.calls;
  expect(call).toMatchObject({
    verb: 'patch',
    contentType: 'application/apply-patch+yaml',
    body: { apiVersion: 'scholar.dev/v1alpha1', kind: 'TruthTable', metadata, status: { p95WriteMs: 1 } },
  });
  expect(call && pathOf(call)).toBe(
    '/apis/scholar.dev/v1alpha1/namespaces/trial/truthtables/scholar/status?fieldManager=scholar-operator&force=true',
  );
});

test('a status that is there already is not written, however its keys are ordered', async () => {
  const api = new FakeApi();
  const applier = createApplier({ api, fieldManager: 'scholar-operator' });
  const target = { metadata, current: { a: 1, b: [{ c: 2, d: 3 }] }, status: { b: [{ d: 3, c: 2 }], a: 1 } };
  expect(await applier.applyStatus(RESOURCE, target)).toBe(false);
  expect(await applier.applyStatus(RESOURCE, { ...target, current: undefined })).toBe(true);
  expect(api.verbs()).toEqual(['patch']);
});

test.each([
  [{ verb: 'list', resource: RESOURCE }, '/apis/scholar.dev/v1alpha1/truthtables'],
  [
    {
      verb: 'get',
      resource: { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' },
      namespace: 'a',
      name: 'b/c',
    },
    '/api/v1/namespaces/a/secrets/b%2Fc',
  ],
  [
    { verb: 'list', resource: RESOURCE, query: { limit: 5, continue: undefined, labelSelector: 'a=b,c' } },
    '/apis/scholar.dev/v1alpha1/truthtables?limit=5&labelSelector=a%3Db%2Cc',
  ],
] as const)('the path of %j', (call, path) => {
  expect(pathOf(call)).toBe(path);
});
