import { sealedSecretViews } from './sealed-secrets.ts';

/** As the controller of bitnami.com/v1alpha1 writes it. */
function sealed(
  status: object | undefined,
  labels: Record<string, string> = { 'scholar.dev/app-label': 'scholar_auth' },
) {
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name: 'scholar-auth-a8', namespace: 'trial', generation: 2, labels },
    spec: { encryptedData: { A8_KEY: 'AgB…' }, template: { metadata: { name: 'scholar-auth-a8' } } },
    ...(status === undefined ? {} : { status }),
  };
}

function condition(status: string, message?: string) {
  const times = { lastTransitionTime: '2026-11-24T11:00:00Z', lastUpdateTime: '2026-11-24T11:00:00Z' };
  return { type: 'Synced', status, ...times, ...(message === undefined ? {} : { message }) };
}

test.each<[string, object | undefined, object]>([
  [
    'opened',
    { conditions: [condition('True')], observedGeneration: 2 },
    { synced: true, current: true, message: '' },
  ],
  [
    'refused',
    { conditions: [condition('False', 'no key could decrypt secret (A8_KEY)')], observedGeneration: 2 },
    { synced: false, current: true, message: 'no key could decrypt secret (A8_KEY)' },
  ],
  [
    'changed since',
    { conditions: [condition('True')], observedGeneration: 1 },
    { synced: true, current: false },
  ],
  ['never seen', undefined, { synced: undefined, current: true }],
])('one that its controller has %s is told as such', (_name, status, view) => {
  expect(sealedSecretViews([sealed(status)])).toEqual([
    expect.objectContaining({ name: 'scholar-auth-a8', label: 'scholar_auth', ...view }),
  ]);
});

test('what belongs to none of the seven is told under A8, and ciphertext is never shown', () => {
  const views = sealedSecretViews([sealed(undefined, {}), { kind: 'SealedSecret' }]);
  expect(views.map(({ label }) => label)).toEqual(['auto_com_center']);
  expect(JSON.stringify(views)).not.toContain('AgB');
});
