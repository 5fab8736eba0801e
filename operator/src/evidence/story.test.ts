import type { RepairRecord } from '@scholar/contract';
import type { KeptRepair, VerdictMark } from './operated.ts';
import { storyBegins, storyOf } from './story.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 29, 12, minute)).toISOString();

function mark(id: number, minute: number, green: number): VerdictMark {
  return { id: String(id), receivedAt: at(minute), ok: green === 7, green };
}

function repair(minute: number, steps?: RepairRecord['steps']): KeptRepair {
  const record = { at: at(minute), ...(steps && { steps }) } as RepairRecord;
  return { id: '1', receivedAt: at(minute), record };
}

test('before is the worst truth table, of several the latest; after is the first green one that stayed green', () => {
  const marks = [mark(1, 0, 7), mark(2, 5, 3), mark(3, 6, 3), mark(4, 8, 5), mark(5, 9, 7), mark(6, 10, 7)];
  const { broken, healed } = storyOf([repair(7), repair(9)], marks);
  expect([broken?.id, healed?.id]).toEqual(['3', '5']);
});

test('what went wrong after the repairs is not what they ended, and then nothing is healed', () => {
  const marks = [mark(1, 5, 6), mark(2, 8, 7), mark(3, 20, 0)];
  const { broken, healed } = storyOf([repair(7)], marks);
  expect([broken?.id, healed]).toEqual(['1', undefined]);
});

test('a system that was still starting is no before, when it was all green since', () => {
  const marks = [mark(1, 0, 0), mark(2, 2, 7), mark(3, 6, 3), mark(4, 9, 7)];
  const { broken, healed } = storyOf([repair(8, { found_at: at(7) })], marks);
  expect([broken?.id, healed?.id]).toEqual(['3', '4']);
});

test('without a red table there is no before and no after', () => {
  expect(storyOf([repair(7)], [mark(1, 5, 7)])).toEqual({ broken: undefined, healed: undefined });
  expect(storyOf([], [mark(1, 5, 3)])).toEqual({ broken: undefined, healed: undefined });
});

test('the story begins ten minutes before the first finding, or the first repair that does not tell of one', () => {
  expect(storyBegins([repair(30, { found_at: at(25) }), repair(40)])).toBe(at(15));
  expect(storyBegins([])).toBeUndefined();
});
