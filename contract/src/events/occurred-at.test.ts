import fc from 'fast-check';
import { isInstant } from './occurred-at.ts';

test('every instant that JavaScript writes counts', () => {
  const instants = fc.date({
    noInvalidDate: true,
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
  });
  fc.assert(fc.property(instants, (at) => isInstant(at.toISOString())));
});

test.each(['2026-01-31T12:00:00Z', '2024-02-29T00:00:00+14:00', '2000-02-29T23:59:59.999999999-12:00'])(
  '%s counts',
  (text) => expect(isInstant(text)).toBe(true),
);

test.each([
  '2026-01-31',
  '2026-01-31T12:00Z',
  '2026-01-31T12:00:00',
  '2026-01-31 12:00:00Z',
  '2026-01-31T12:00:00z',
  '2026-01-31T12:00:00+0100',
  '2026-01-31T24:00:00Z',
  '2026-01-31T12:00:60Z',
  '2026-13-01T12:00:00Z',
  '2026-04-31T12:00:00Z',
  '2025-02-29T12:00:00Z',
  '1900-02-29T12:00:00Z',
  '0000-01-01T00:00:00Z',
  '+12026-01-31T12:00:00Z',
  '2026-01-31T12:00:00+16:00',
  '2026-01-31T12:00:00.1234567890Z',
  '2026-01-31T12:00:00Z\n',
])('%p does not', (text) => expect(isInstant(text)).toBe(false));
