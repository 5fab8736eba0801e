import { byApi, objectNames, withoutRandom } from './manifests.ts';

const MANIFEST = `---
# Source: a.yaml
apiVersion: v1
kind: Secret
metadata:
  name: one
  namespace: n
data: {}
---
apiVersion: example/v1
kind: Rule
metadata:
  labels:
    name: wrong
  name: two
---
apiVersion: v1
kind: ConfigMap
metadata: { name: three }
`;

test('every object is named by its kind and its own name, not by that of a label', () => {
  expect(objectNames(MANIFEST)).toEqual(['ConfigMap/three', 'Rule/two', 'Secret/one']);
});

test('two renderings are compared without Secrets and without regard to their order', () => {
  const other = MANIFEST.split('---\n').reverse().join('---\n').replace('data: {}', 'data: { a: b }');
  expect(withoutRandom(other)).toBe(withoutRandom(MANIFEST));
});

test('objects of an API that is not served are left out by name', () => {
  const { known, unknown } = byApi(MANIFEST, new Set(['v1']));
  expect([...unknown]).toEqual(['example/v1']);
  expect(objectNames(known)).toEqual(['ConfigMap/three', 'Secret/one']);
});
