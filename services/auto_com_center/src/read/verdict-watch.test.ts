import { FakeClock, waitFor } from '@scholar/runtime/testing';
import type { ShownTruthTable } from './truth-table.ts';
import { VerdictWatch } from './verdict-watch.ts';

const FRESH = {
  age_s: 10,
  heartbeat_age_s: 5,
  period_s: 60,
  stale: false,
  table: [
    { label: 'scholar_auth', verdict: 'green' },
    { label: 'scholarship_api', verdict: 'green' },
    { label: 'student_pilot', verdict: 'red' },
  ],
} as ShownTruthTable;

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

test('the rows are counted by their verdicts, and all are unknown when the operator was not heard of for two periods', async () => {
  let away = false;
  const { clock, watch } = watching(async () => {
    if (away) throw new Error('the database is away');
    return { ...FRESH, age_s: 0 };
  });
  expect(watch.counts()).toBeUndefined();
  watch.start();
  await waitFor(() => watch.counts() !== undefined);
  expect(watch.counts()).toEqual({ green: 2, red: 1, unknown: 0 });
  expect(watch.rows()).toContainEqual({ label: 'student_pilot', verdict: 'red' });
  expect([watch.heartbeatAgeS(), watch.periodS()]).toEqual([5, 60]);
  away = true;
  await clock.advance(116_000);
  expect(watch.heartbeatAgeS()).toBe(121);
  expect(watch.counts()).toEqual({ green: 0, red: 0, unknown: 3 });
  expect(watch.rows()).toContainEqual({ label: 'student_pilot', verdict: 'unknown' });
  await watch.stop();
});

test('where nobody was ever heard of, that is not an age of zero', async () => {
  const { watch } = watching(async () => ({ ...FRESH, heartbeat_age_s: null }));
  watch.start();
  await waitFor(() => watch.counts() !== undefined);
  expect(watch.heartbeatAgeS()).toBe(-1);
  await watch.stop();
});
