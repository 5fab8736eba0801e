import { fuzz } from './testing/fuzz/fuzzed-hub.ts';

test('whatever bytes come, A8 lives, answers as documented, tells nobody anything about anybody, and stores a good event', async () => {
  // The same bytes every time; `make fuzz` looks for new ones.
  const { conversations, statuses } = await fuzz({ seed: 351, runs: 25 });
  expect(conversations).toBeGreaterThanOrEqual(200);
  // It reached beyond the front door: events stored, refused by their content, and by their key.
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['201', '400', '403', '422']));
}, 180_000);
