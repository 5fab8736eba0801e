import { type DataObject, strangerOf } from './repair-object.ts';

const OURS = { 'app.kubernetes.io/managed-by': 'scholar-operator' };

function object(labels: Record<string, string>, ...writers: [string, string][]): DataObject {
  const managedFields = writers.map(([manager, field]) => ({ manager, fieldsV1: { [field]: {} } }));
  return { metadata: { name: 'scholar-auth-repair', labels, managedFields } };
}

test.each<[string, DataObject, string | undefined]>([
  ['written by us alone', object(OURS, ['scholar-operator', 'f:data']), undefined],
  ['made by kubectl', object({}, ['kubectl-create', 'f:data']), 'kubectl-create'],
  ['made by kubectl with our label', object(OURS, ['kubectl-create', 'f:data']), 'kubectl-create'],
  [
    'ours, and edited',
    object(OURS, ['scholar-operator', 'f:data'], ['kubectl-edit', 'f:data']),
    'kubectl-edit',
  ],
  [
    'ours, with a label of another hand',
    object(OURS, ['scholar-operator', 'f:data'], ['argo', 'f:metadata']),
    undefined,
  ],
  [
    'without a word about its writers, and without our label',
    object({}),
    'somebody without the label of ours',
  ],
])('an object that is %s', (_what, seen, stranger) => {
  expect(strangerOf(seen)).toBe(stranger);
});
