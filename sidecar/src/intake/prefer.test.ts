import { preferredWaitMs } from './prefer.ts';

describe('preferredWaitMs', () => {
  test.each([
    [undefined, 0],
    ['wait=5', 5000],
    ['WAIT = 5', 5000],
    ['wait="5"', 5000],
    ['respond-async, wait=10', 10_000],
    ['respond-async;foo=bar, wait=2; x', 2000],
    ['wait=31', 30_000],
    ['wait=999999999', 30_000],
    ['wait=-1', 0],
    ['wait=soon', 0],
    ['return=minimal', 0],
    [['return=minimal', 'wait=3'], 3000],
  ] as const)('%j means %d ms', (header, expected) => {
    expect(preferredWaitMs(header)).toBe(expected);
  });
});
