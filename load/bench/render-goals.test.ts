import { verdict } from './render-goals.ts';

const part = { what: '', unit: 'x', met: false } as const;

test('a missed goal says by how much, whichever way is better', () => {
  expect(verdict({ ...part, value: 9, goal: 12, better: 'more' })).toBe('**missed** by 25 %');
  expect(verdict({ ...part, value: 300, goal: 200, better: 'less' })).toBe('**missed** by 50 %');
  expect(verdict({ ...part, value: 2, goal: 0, better: 'less' })).toBe('**missed** by 2');
  expect(verdict({ ...part, met: true, value: 13, goal: 12, better: 'more' })).toBe('met');
});
