import type { TruthTableStatus } from '../crd/status.ts';
import { tableRig } from './testing/table-rig.ts';

const HOUR_MS = 3_600_000;

const outcomes = (status: TruthTableStatus | undefined) =>
  (status?.repairs ?? []).map(({ app, ok }) => `${app} ${ok}`);

test('A8 that loses its pod while a repair is proven: it is taken back, made again after the pause, and proven then', async () => {
  const { passes, reasons, system, written } = tableRig({ remedy: 'Repair' });
  await passes(2);
  system.stop('scholar_auth');
  system.afterApply(() => system.loseRows(true));
  await passes(3);
  expect([outcomes(written.at(-1)), system.undone]).toEqual([['scholar_auth false'], ['scholar_auth']]);
  system.afterApply(() => undefined);
  system.loseRows(false);
  await passes(6);
  expect(outcomes(written.at(-1))).toEqual(['scholar_auth true', 'scholar_auth false']);
  expect(reasons()).toBe('AllGreen Settled AsExpected');
});

test('a fault that is made again whenever it was repaired is repaired a few times an hour, never more, and the table says so all the time', async () => {
  const { pass, passes, reasons, system, written } = tableRig({ remedy: 'Repair' });
  await passes(2);
  system.stop('scholar_auth');
  system.afterApply(() => system.stop('scholar_auth'));
  const began = system.clock.now();
  const said = new Set<string>();
  while (system.clock.now() < began + 1.5 * HOUR_MS) {
    await pass();
    said.add(reasons().split(' ')[0] ?? '');
  }
  expect(said).toEqual(new Set(['RowRed']));
  expect(reasons()).toMatch(/RepairFailed|RepairsExhausted/);
  const taken = system.undone.length;
  expect([taken > 4, taken <= 2 * 4]).toEqual([true, true]);
  expect(outcomes(written.at(-1)).every((each) => each === 'scholar_auth false')).toBe(true);
});
