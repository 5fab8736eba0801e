import { CONDITION_TYPES, type Condition, REASONS, withConditions } from './conditions.ts';
import { transitions } from './transitions.ts';

const FIRST = { observedGeneration: 1, at: '2026-01-01T00:00:00Z' };
const LATER = { observedGeneration: 2, at: '2026-01-01T01:00:00Z' };

const green: Parameters<typeof withConditions>[1] = [
  { type: 'Degraded', reason: 'AsExpected', message: '' },
  { type: 'Ready', reason: 'AllGreen', message: 'All 7 rows are green.' },
  { type: 'Progressing', reason: 'Settled', message: '' },
];

test('a status follows from its reason, in the order that people read them', () => {
  expect(withConditions([], green, FIRST).map(({ type, status }) => [type, status])).toEqual([
    ['Ready', 'True'],
    ['Progressing', 'False'],
    ['Degraded', 'False'],
  ]);
});

test('the time of a transition is kept while the status stays, also when the reason changes', () => {
  const before = withConditions([], [{ type: 'Ready', reason: 'RowUnknown', message: 'A4' }], FIRST);
  const same = withConditions(before, [{ type: 'Ready', reason: 'EvidenceExpired', message: 'A4' }], LATER);
  expect(same[0]).toMatchObject({
    lastTransitionTime: FIRST.at,
    observedGeneration: 2,
    reason: 'EvidenceExpired',
  });
  const other = withConditions(before, [{ type: 'Ready', reason: 'AllGreen', message: '' }], LATER);
  expect(other[0]?.lastTransitionTime).toBe(LATER.at);
});

test("somebody else's condition is left as it is", () => {
  const theirs: Condition = {
    type: 'Audited',
    status: 'True',
    lastTransitionTime: FIRST.at,
    reason: 'ByHand',
    message: '',
  };
  expect(withConditions([theirs], green, LATER)).toContainEqual(theirs);
});

test('an Event is for what changed, never for what stayed', () => {
  const first = withConditions([], green, FIRST);
  expect(transitions([], first).map(({ reason }) => reason)).toEqual(['ReadyAllGreen']);
  const reworded = withConditions(
    first,
    [{ type: 'Ready', reason: 'AllGreen', message: 'All seven.' }],
    LATER,
  );
  expect(transitions(first, reworded)).toEqual([]);
  const red = withConditions(first, [{ type: 'Degraded', reason: 'RowRed', message: 'A6 is red.' }], LATER);
  expect(transitions(first, red)).toEqual([
    { type: 'Warning', reason: 'DegradedRowRed', action: 'Audit', note: 'A6 is red.' },
  ]);
});

test('trouble at first sight is news, and so is its end', () => {
  const red = withConditions([], [{ type: 'Degraded', reason: 'RowRed', message: 'A6 is red.' }], FIRST);
  expect(transitions([], red)).toMatchObject([{ type: 'Warning', reason: 'DegradedRowRed' }]);
  const over = withConditions(red, [{ type: 'Degraded', reason: 'AsExpected', message: '' }], LATER);
  expect(transitions(red, over)).toMatchObject([{ type: 'Normal', reason: 'DegradedAsExpected' }]);
});

test('that nobody has looked yet is no news', () => {
  const pending = withConditions([], [{ type: 'Ready', reason: 'Pending', message: '' }], FIRST);
  expect(transitions([], pending)).toEqual([]);
});

test('every condition begins as Unknown, and reaches both True and False', () => {
  for (const type of CONDITION_TYPES) {
    const reasons: Record<string, { status: string }> = REASONS[type];
    expect(reasons['Pending']?.status).toBe('Unknown');
    expect(new Set(Object.values(reasons).map(({ status }) => status))).toEqual(
      new Set(['Unknown', 'True', 'False']),
    );
  }
});
