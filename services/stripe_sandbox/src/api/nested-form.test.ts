import { nestedForm } from './nested-form.ts';

test('brackets become objects, and keys that count become arrays', () => {
  const flat = {
    mode: 'payment',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[1][quantity]': '2',
    'meta[a]': 'x',
  };
  expect(nestedForm(flat)).toEqual({
    mode: 'payment',
    line_items: [{ price_data: { currency: 'usd' } }, { quantity: '2' }],
    meta: { a: 'x' },
  });
});

test('empty brackets append', () => {
  expect(nestedForm({ 'expand[]': ['a', 'b'] })).toEqual({ expand: ['a', 'b'] });
});

test('a key that names a prototype changes no prototype', () => {
  nestedForm({ '__proto__[polluted]': 'yes', 'constructor[prototype][polluted]': 'yes' });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
