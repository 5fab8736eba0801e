import { createWindow } from './window.ts';

const limits = { max: 32, slowMs: 150, slowFloor: 8 };

function answers(window: ReturnType<typeof createWindow>, count: number, writeMs = 5): void {
  for (let i = 0; i < count; i += 1) window.grow(writeMs);
}

describe('window', () => {
  test('starts with one and doubles each round up to the maximum', () => {
    const window = createWindow(limits);
    const seen = [window.limit];
    for (let round = 0; round < 6; round += 1) {
      answers(window, window.limit);
      seen.push(window.limit);
    }
    expect(seen).toEqual([1, 2, 4, 8, 16, 32, 32]);
  });

  test('halves when A8 says "not now", then adds one per round', () => {
    const window = createWindow(limits);
    answers(window, 100);
    window.shrink();
    expect(window.limit).toBe(16);
    answers(window, 17);
    expect(window.limit).toBe(17);
  });

  test('never falls below one', () => {
    const window = createWindow(limits);
    for (let i = 0; i < 20; i += 1) window.shrink();
    expect(window.limit).toBe(1);
  });

  test('begins with one after an outage and doubles only to half of what it had', () => {
    const window = createWindow(limits);
    answers(window, 100);
    window.collapse();
    expect(window.limit).toBe(1);
    answers(window, 15);
    expect(window.limit).toBe(16);
    answers(window, 16);
    expect(window.limit).toBe(16);
  });

  test('slow writes lower it once a round, and never below the floor', () => {
    const window = createWindow(limits);
    answers(window, 100);
    answers(window, 24, 400);
    expect(window.limit).toBe(24);
    answers(window, 2000, 400);
    expect(window.limit).toBeGreaterThanOrEqual(8);
    expect(window.limit).toBeLessThanOrEqual(12);
  });
});
