import { parseEvent } from '../events/parse-event.ts';
import { hasEmailAddress } from './email-address.ts';
import { findPii } from './find-pii.ts';
import { plainText } from './plain-text.ts';
import { hasSocialSecurityNumber } from './social-security-number.ts';

function pointerOf(changes: object, payload: object = {}): string | undefined {
  const base = {
    event_type: 'NewUser',
    occurred_at: '2026-01-31T12:00:00Z',
    actor_id: 'u',
    source: '/',
    payload,
  };
  const parsed = parseEvent({ ...base, ...changes });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violation));
  return findPii(parsed.event)?.pointer;
}

describe('findPii', () => {
  test.each(['actor_id', 'session_id', 'source'])('looks at %s', (key) => {
    expect(pointerOf({ [key]: 'jane@example.com' })).toBe(`/${key}`);
  });

  test.each(['details', 'provider_id', 'scholarship_id', 'reference'])('looks at payload %s', (key) => {
    expect(pointerOf({}, { [key]: 'jane@example.com' })).toBe(`/payload/${key}`);
  });

  test('looks at numbers as well', () => {
    expect(pointerOf({}, { latency_ms: 4111111111111111 })).toBe('/payload/latency_ms');
    expect(pointerOf({}, { latency_ms: 1769860800000 })).toBeUndefined();
  });

  test('counts characters, not UTF-16 units', () => {
    expect(pointerOf({}, { details: '🎓'.repeat(1000) })).toBeUndefined();
    expect(pointerOf({}, { details: '🎓'.repeat(1001) })).toBe('/payload/details');
  });
});

test.each([
  'jane@example.com',
  'mailto:jane@example.org?x',
  '"jane@mail.example.co.uk"',
  'josé@exämple.de',
  "o'neil@a.io",
])('%s has an e-mail address', (text) => expect(hasEmailAddress(text)).toBe(true));

test.each(['@jane', 'jane@', 'worker@node7', 'pkg@1.2.3', 'a @ b.com', 'no at all', 'x@-a.com'])(
  '%s has no e-mail address',
  (text) => expect(hasEmailAddress(text)).toBe(false),
);

test.each([
  '078-05-1120',
  'SSN078-05-1120',
  '078 05 1120',
  'ssn=078051120',
  'Social security: 078051120',
  '(078-05-1120)',
])('%s has a social security number', (text) => expect(hasSocialSecurityNumber(text)).toBe(true));

test.each([
  '078051120',
  '000-12-3456',
  '666-12-3456',
  '900-12-3456',
  '123-00-4567',
  '123-45-0000',
  '555-123-4567',
  '1078-05-1120',
  '078-05-11201',
  '2026-01-31',
  'a1b2c3d4-078-05-1120-9',
])('%s has no social security number', (text) => expect(hasSocialSecurityNumber(text)).toBe(false));

test('plain text is what a reader would see', () => {
  expect(plainText('jane%40example.com')).toBe('jane@example.com');
  expect(plainText('100%40 %zz')).toBe('100@ %zz');
  expect(plainText('４２42\u200b42\u201342')).toBe('424242-42');
  expect(plainText('/plain?x=1')).toBe('/plain?x=1');
});
