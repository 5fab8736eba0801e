import { FakeClock, waitFor } from '@scholar/runtime/testing';
import type { ShownTruthTable } from './truth-table.ts';
import { VerdictWatch } from './verdict-watch.ts';

const FRESH = { age_s: 10, period_s: 60, stale: false } as ShownTruthTable;

function watching(read: () => Promise<ShownTruthTable>) {
  const clock = new FakeClock();
  return { clock, watch: new VerdictWatch({ read, clock, intervalMs: 10_000 }) };
}

test('a table grows old also while nobody can look at it', async () => {
  let away = false;
  const { clock, watch } = watching(async () => {
    if (away) throw new Error('the database is away');
    return FRESH;
  });
  expect([watch.ageS(), watch.stale()]).toEqual([-1, true]);
  watch.start();
  await waitFor(() => !watch.stale());
  expect(watch.ageS()).toBe(10);
  away = true;
  await clock.advance(111_000);
  expect(watch.ageS()).toBe(121);
  expect(watch.stale()).toBe(true);
  await watch.stop();
});
