import { isSpeakableKey, jsonPointer } from './pointer.ts';

test('a pointer escapes "~" and "/" (RFC 6901), and the whole document is the empty pointer', () => {
  expect(jsonPointer([])).toBe('');
  expect(jsonPointer(['payload', 'a/b~c', 0])).toBe('/payload/a~1b~0c/0');
});

test.each(['essay', 'x-y', 'a/b', '__proto__', 'v3.5.1'])('the key %s may be repeated', (key) => {
  expect(isSpeakableKey(key)).toBe(true);
});

test.each([
  '',
  'jane@example.com',
  '4242-4242-4242',
  '078-05-1120',
  'two words',
  'schlüssel',
  'k'.repeat(65),
])('the key %p may not be repeated', (key) => expect(isSpeakableKey(key)).toBe(false));
