import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { isUuidV4, normalizeEventId, uuidV4FromBytes } from './ids.ts';

test('a uuid-v4 counts in any letter case and is normalized to lower case', () => {
  const id = randomUUID();
  expect(isUuidV4(id)).toBe(true);
  expect(isUuidV4(id.toUpperCase())).toBe(true);
  expect(normalizeEventId(id.toUpperCase())).toBe(id);
});

test('only version 4 with variant 10 counts', () => {
  fc.assert(fc.property(fc.uuid({ version: 4 }), (id) => isUuidV4(id)));
  fc.assert(fc.property(fc.uuid({ version: [1, 2, 3, 5, 6, 7, 8] }), (id) => !isUuidV4(id)));
});

test.each([
  '',
  ` ${randomUUID()}`,
  `${randomUUID()}\n`,
  `{${randomUUID()}}`,
  randomUUID().replaceAll('-', ''),
  7,
  null,
])('%p is no uuid-v4', (value) => expect(isUuidV4(value)).toBe(false));

test('any 16 bytes become a v4-shaped uuid', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 32 }), (bytes) => isUuidV4(uuidV4FromBytes(bytes))),
  );
});
