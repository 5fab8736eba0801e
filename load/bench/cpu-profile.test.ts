import { hottest } from './cpu-profile.ts';

test('functions are named without a path of the machine, and idle time does not count', () => {
  const frame = (functionName: string, url = '') => ({ callFrame: { functionName, url, lineNumber: 1 } });
  const nodes = [
    { id: 1, ...frame('append', 'file:///somewhere/else/outbox/intake.js') },
    { id: 2, ...frame('(idle)') },
    { id: 3, ...frame('', 'node:net') },
    { id: 4, ...frame('append', 'file:///somewhere/else/outbox/intake.js') },
  ];
  expect(hottest({ nodes, samples: [1, 2, 2, 2, 2, 3, 1, 4] })).toEqual([
    { where: 'append outbox/intake.js', share: 0.75 },
    { where: '(anonymous) node:net', share: 0.25 },
  ]);
});
