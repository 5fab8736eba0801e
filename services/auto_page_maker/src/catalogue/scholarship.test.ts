import { amountInWords, amountOf } from './scholarship.ts';

test.each([
  ['USD 4,900', 4_900, '$4,900'],
  ['USD 4,900.50', 4_900.5, '$4,900.50'],
  ['USD 0.29', 0.29, '$0.29'],
  ['JPY 250,000', 250_000, '¥250,000'],
])('%s is %d, and people read it as on every other page: %s', (amount, value, read) => {
  expect(amountOf(amount)?.value).toBe(value);
  expect(amountInWords(amount)).toBe(read);
});

test('an amount that is written otherwise is left out', () => {
  for (const amount of [null, '', '4,900', '$4,900', 'USD much'])
    expect([amountOf(amount), amountInWords(amount)]).toEqual([undefined, undefined]);
});
