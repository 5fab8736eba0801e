import { keyDigest, keyFingerprint } from '@scholar/contract';
import { ringOf } from './ring.ts';

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
  const ring = ringOf({
    'scholar-auth-a8': { A8_KEY: KEY },
    'auto-com-center-keys': {
      'scholar_auth.json': entry(null),
      'README.txt': 'no entry',
      'broken.json': '{',
    },
  });
  expect(ring).toEqual([
    {
      id: 'scholar_auth',
      fingerprint: keyFingerprint(KEY),
      labels: ['scholar_auth'],
      role: 'emit',
      notAfter: null,
    },
  ]);
});

test('an entry whose key is nowhere keeps its fingerprint open', () => {
  expect(ringOf({ 'auto-com-center-keys': { 'old.json': entry(null) } })[0]?.fingerprint).toBeNull();
});
