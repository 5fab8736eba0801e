import { formatMoney, minorUnitsOf } from './index.ts';

/** Between a code and its amount stands a space that no line breaks at. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test.each([
  [4900, 'USD', '$49.00', '$49'],
  [250_050, 'USD', '$2,500.50', '$2,500.50'],
  [100_000, 'eur', '€1,000.00', '€1,000'],
  [100_000, 'CAD', 'CA$1,000.00', 'CA$1,000'],
  [4900, 'JPY', '¥4,900', '¥4,900'],
  [4_900_500, 'KWD', 'KWD 4,900.500', 'KWD 4,900.500'],
  [4_900_050, 'HUF', 'HUF 49,000.50', 'HUF 49,000.50'],
  [25_000_000, 'IDR', 'IDR 250,000.00', 'IDR 250,000'],
  [500, 'ISK', 'ISK 5.00', 'ISK 5'],
  [500, 'ugx', 'UGX 5.00', 'UGX 5'],
  [5, 'MGA', 'MGA 5', 'MGA 5'],
  [100_000, 'ZZZ', 'ZZZ 1,000.00', 'ZZZ 1,000'],
  [0, 'USD', '$0.00', '$0'],
  [-900, 'USD', '-$9.00', '-$9'],
  [10_000_000_000, 'USD', '$100,000,000.00', '$100,000,000'],
  [4900, 'no code', 'no code 49.00', 'no code 49'],
])('%d of the smallest unit of %s is %s as a price and %s as an amount', (amount, currency, price, pays) => {
  expect(plain(formatMoney(amount, currency, 'price'))).toBe(price);
  expect(plain(formatMoney(amount, currency, 'amount'))).toBe(pays);
});

test('an amount has the minor units that Stripe gives to its currency, whatever people write', () => {
  const of = (codes: string) => codes.split(' ').map(minorUnitsOf);
  expect(new Set(of('BIF clp DJF GNF JPY jpy KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'))).toEqual(
    new Set([0]),
  );
  expect(new Set(of('USD HUF IDR PKR COP ALL TWD ISK UGX usd'))).toEqual(new Set([2]));
  expect(new Set(of('BHD JOD KWD OMR TND'))).toEqual(new Set([3]));
  expect(minorUnitsOf('no code')).toBe(2);
});
