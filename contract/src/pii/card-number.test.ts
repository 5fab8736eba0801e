import fc from 'fast-check';
import { hasCardNumber, passesLuhn } from './card-number.ts';

/** Completes digits so that they pass Luhn. */
function withCheckDigit(digits: string): string {
  const check = [...'0123456789'].find((digit) => passesLuhn(digits + digit));
  return `${digits}${check}`;
}

const digitsOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const issued = fc.oneof(
  digitsOf(14).map((rest) => withCheckDigit(`4${rest}`)),
  digitsOf(13).map((rest) => withCheckDigit(`53${rest}`)),
  digitsOf(11).map((rest) => withCheckDigit(`2400${rest}`)),
  digitsOf(12).map((rest) => withCheckDigit(`37${rest}`)),
  digitsOf(11).map((rest) => withCheckDigit(`36${rest}`)),
  digitsOf(11).map((rest) => withCheckDigit(`6011${rest}`)),
);

describe('card numbers are found', () => {
  test('in one piece, wherever they stand', () => {
    fc.assert(
      fc.property(issued, fc.constantFrom('', 'card:', 'a 1 ', 'PAN', '/x?n=', '_'), (number, before) => {
        expect(hasCardNumber(`${before}${number}`)).toBe(true);
        expect(hasCardNumber(`${before}${number} thanks`)).toBe(true);
      }),
    );
  });

  test('in groups of four and digit by digit', () => {
    fc.assert(
      fc.property(issued, fc.constantFrom(' ', '-', '.', '_', ' - '), (number, separator) => {
        expect(hasCardNumber((number.match(/.{1,4}/g) ?? []).join(separator))).toBe(true);
        expect(hasCardNumber([...number].join(' '))).toBe(true);
      }),
    );
  });

  test.each([
    '12 4242 4242 4242 4242',
    '4242 4242 4242 4242 12/27 123',
    '3782 822463 10005',
    '3056 930902 5904',
  ])('as printed: %s', (text) => expect(hasCardNumber(text)).toBe(true));
});

describe('these are no card numbers', () => {
  test('uuids of any version', () => {
    fc.assert(fc.property(fc.uuid(), (id) => !hasCardNumber(id) && !hasCardNumber(`${id} ${id}`)));
  });

  test('uuids that are made of digits', () => {
    const allDigits = fc.tuple(digitsOf(8), digitsOf(4), digitsOf(3), digitsOf(3), digitsOf(12));
    fc.assert(fc.property(allDigits, ([a, b, c, d, e]) => !hasCardNumber(`${a}-${b}-4${c}-8${d}-${e}`)));
  });

  test('timestamps in milliseconds, until 2096, when they begin with the 4 of Visa', () => {
    const instants = fc.integer({ min: 1_000_000_000_000, max: 3_999_999_999_999 });
    fc.assert(fc.property(instants, (ms) => !hasCardNumber(String(ms))));
  });

  test('timestamps in micro- and nanoseconds, until 2040, when they begin with the 2221 of Mastercard', () => {
    const instants = fc.integer({ min: 1_000_000_000_000, max: 2_220_999_999_999 });
    const digits = fc.tuple(instants, fc.constantFrom('000', '000000')).map(([ms, zeros]) => `${ms}${zeros}`);
    fc.assert(fc.property(digits, (text) => !hasCardNumber(text)));
  });

  test('instants and lists of dates', () => {
    const instants = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') });
    fc.assert(
      fc.property(instants, (at) => !hasCardNumber(`${at.toISOString()} ${at.toISOString().slice(0, 10)}`)),
    );
  });

  test('hashes in hex, even when digits happen to line up', () => {
    expect(hasCardNumber(`a4242424242424242b${'0'.repeat(46)}`)).toBe(false);
    expect(hasCardNumber(`4242424242424242${'f'.repeat(48)}`)).toBe(false);
  });

  test('a number with a wrong check digit', () => {
    fc.assert(
      fc.property(issued, fc.integer({ min: 1, max: 9 }), (number, shift) => {
        const last = (Number(number.at(-1)) + shift) % 10;
        expect(hasCardNumber(`${number.slice(0, -1)}${last}`)).toBe(false);
      }),
    );
  });

  test('short numbers', () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{0,12}$/), (digits) => !hasCardNumber(digits)));
  });

  test.each([
    '9999999999999995',
    '+49 151 1234 5678',
    '2026-01-31 12:00:00 2026-02-01 12:00:00',
    'cs_test_a1B2c3D4e5F6',
  ])('%s', (text) => expect(hasCardNumber(text)).toBe(false));
});
