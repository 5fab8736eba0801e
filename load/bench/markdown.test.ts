import { bytes, figure, fillSections, offBy, table, whole } from './markdown.ts';

test('figures have three digits, bytes their unit, and a deviation its sign', () => {
  expect([figure(0), figure(0.016_49), figure(26.94), figure(744.6), figure(1_234_567)]).toEqual([
    '0',
    '0.0165',
    '26.9',
    '745',
    '1,234,567',
  ]);
  expect([bytes(999), bytes(1_500), bytes(2.31e15)]).toEqual(['999 B', '1.5 kB', '2.31 PB']);
  expect([offBy(110, 100), offBy(75, 100)]).toEqual(['+10 %', '-25 %']);
  expect(whole(1_000)).toBe('1,000');
});

test('a table stands its figures to the right', () => {
  expect(table(['a', 'b'], [['x', '1']])).toBe('| a | b |\n|---|--:|\n| x | 1 |');
});

test('sections are written between their marks, again and again, and the prose around them stays', () => {
  const document = 'before\n<!-- generated:one -->\nold\n<!-- /generated -->\nafter\n';
  const filled = fillSections(document, { one: 'new' });
  expect(filled).toBe('before\n<!-- generated:one -->\nnew\n<!-- /generated -->\nafter\n');
  expect(fillSections(filled, { one: 'new' })).toBe(filled);
});

test('a mark without a section and a section without a mark are refused', () => {
  expect(() => fillSections('<!-- generated:one --><!-- /generated -->', {})).toThrow('"one"');
  expect(() => fillSections('no marks', { two: 'x' })).toThrow('two');
});
