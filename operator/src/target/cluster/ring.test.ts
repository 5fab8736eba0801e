import { keyDigest, keyFingerprint } from '@scholar/contract';
import type { Installed } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { ringOf } from './ring.ts';

const CONTAINER = {
  name: 'app',
  env: [{ name: 'A8_KEYS_DIR', value: '/etc/scholar/keys' }],
  volumeMounts: [{ name: 'keys', mountPath: '/etc/scholar/keys' }],
};
const INSTALLED: Installed = {
  namespace: 'trial',
  pods: [],
  services: [],
  workloads: [
    {
      kind: 'Deployment',
      name: 'auto-com-center',
      replicas: 1,
      selector: {},
      trouble: undefined,
      template: {
        spec: {
          containers: [CONTAINER],
          volumes: [{ name: 'keys', secret: { secretName: 'auto-com-center-keys' } }],
        },
      },
    },
  ],
};

function ring(secrets: Sources['secrets']) {
  return ringOf({ installed: INSTALLED, sources: { secrets, configMaps: {} } });
}

const KEY = 'a key of thirty-two random bytes, or as good as one';

function entry(fingerprint: string | null): string {
  return JSON.stringify({
    sha256: keyDigest(KEY),
    fingerprint,
    labels: ['scholar_auth'],
    not_after: null,
    role: 'emit',
  });
}

test("an entry without a fingerprint gets that of the app's key with the same digest", () => {
  const found = ring({
    'scholar-auth-a8': { A8_KEY: KEY },
    'auto-com-center-keys': {
      'scholar_auth.json': entry(null),
      'README.txt': 'no entry',
      'broken.json': '{',
    },
  });
  expect(found).toEqual([
    {
      id: 'scholar_auth',
      sha256: keyDigest(KEY),
      fingerprint: keyFingerprint(KEY),
      labels: ['scholar_auth'],
      role: 'emit',
      notAfter: null,
    },
  ]);
});

test('an entry whose key is nowhere keeps its fingerprint open', () => {
  expect(ring({ 'auto-com-center-keys': { 'old.json': entry(null) } })[0]?.fingerprint).toBeNull();
});
