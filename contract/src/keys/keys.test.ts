import { keyDigest, keyFingerprint } from './key-fingerprint.ts';
import { ringEntry, ringEntrySchema } from './ring-entry.ts';

test('a fingerprint is 12 hex digits of HMAC-SHA256(key, "scholar fingerprint v1")', () => {
  // printf 'scholar fingerprint v1' | openssl dgst -sha256 -hmac example
  expect(keyFingerprint('example')).toBe('9c37197d3989');
  expect(keyFingerprint('example2')).not.toBe(keyFingerprint('example'));
});

test('a ring entry knows a key by its digest and never holds it', () => {
  const entry = ringEntry('example', { labels: ['scholar_auth'], role: 'emit' });
  expect(ringEntrySchema.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
  expect(entry).toMatchObject({ sha256: keyDigest('example'), not_after: null });
  expect(JSON.stringify(entry)).not.toContain('example');
});

test('a ring entry may leave the fingerprint open, for writers that know only the digest', () => {
  const entry = { ...ringEntry('example', { labels: [], role: 'read' }), fingerprint: null };
  expect(ringEntrySchema.parse(entry)).toEqual(entry);
  expect(ringEntrySchema.safeParse({ ...entry, fingerprint: '' }).success).toBe(false);
});

test.each([
  { labels: ['auto_com_center'] },
  { role: 'admin' },
  { not_after: 'tomorrow' },
  { sha256: 'x' },
  { key: 'k' },
])('a ring entry with %p is refused', (change) => {
  const entry = { ...ringEntry('example', { labels: [], role: 'read' }), ...change };
  expect(ringEntrySchema.safeParse(entry).success).toBe(false);
});
