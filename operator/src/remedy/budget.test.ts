import fc from 'fast-check';
import {
  claim,
  DEFAULT_LIMITS,
  type LedgerEntry,
  type Limits,
  NO_REPAIRS,
  released,
  renewed,
} from './budget.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const MINUTE = 60_000;
const LIMITS: Limits = { maxPerAppPerHour: 3, maxPerHour: 5, backoffMs: MINUTE };

const by = (nowMs: number, holder = 'me', others: LedgerEntry[] = []) => ({
  label: 'scholar_auth',
  holder,
  nowMs,
  limits: LIMITS,
  others,
});

/** Attempts so many minutes ago. */
const tried = (ok: boolean | null, ...minutes: number[]): LedgerEntry => ({
  ...NO_REPAIRS,
  attempts: minutes.map((ago) => ({ at: NOW - ago * MINUTE, ok })),
});

test.each<[string, LedgerEntry, LedgerEntry[], string]>([
  ['nobody has tried yet', NO_REPAIRS, [], 'attempt 1'],
  ['one was proven a second ago', tried(true, 0), [], 'attempt 2'],
  ['one failed a second ago', tried(false, 0), [], 'not proven; the next one is at 2026-11-29T12:01:00'],
  ['one failed two minutes ago', tried(false, 2), [], 'attempt 2'],
  ['two failed, the last two minutes ago: the wait has doubled', tried(false, 5, 1.5), [], 'not proven'],
  ['one was never heard of again', tried(null, 0.5), [], 'not proven'],
  [
    'three were proven within the hour',
    tried(true, 50, 40, 30),
    [],
    '3 times within an hour; the next time is at 2026-11-29T12:10',
  ],
  ['three were proven, one of them longer ago', tried(true, 61, 40, 30), [], 'attempt 3'],
  [
    'the other apps have used up the hour',
    NO_REPAIRS,
    [tried(true, 9, 8, 7), tried(true, 6, 5)],
    '5 repairs within an hour',
  ],
  [
    'somebody else is at it',
    { ...NO_REPAIRS, holder: 'other', until: NOW + 1 },
    [],
    'other is repairing scholar_auth',
  ],
  ['somebody else died at it', { ...NO_REPAIRS, holder: 'other', until: NOW }, [], 'attempt 1'],
])('%s: %s', (_what, entry, others, said) => {
  const claimed = claim(entry, by(NOW, 'me', others));
  expect('refused' in claimed ? claimed.refused : `attempt ${claimed.attempt}`).toContain(said);
});

test('a claim is renewed and released by its holder alone', () => {
  const claimed = claim(NO_REPAIRS, by(NOW));
  if ('refused' in claimed) throw new Error(claimed.refused);
  const { entry } = claimed;
  const at = { label: 'scholar_auth', nowMs: NOW + MINUTE };
  expect(renewed(entry, { ...at, holder: 'me' })).toMatchObject({ entry: { until: entry.until + MINUTE } });
  expect(renewed(entry, { ...at, holder: 'other' })).toMatchObject({ refused: expect.any(String) });
  expect(released(entry, { ...at, holder: 'other', ok: true })).toMatchObject({
    refused: expect.stringContaining('me has it'),
  });
  expect(released(entry, { ...at, holder: 'me', ok: true })).toMatchObject({
    entry: { holder: '', attempts: [{ at: NOW, ok: true }] },
  });
  // However long it took: the pause after a failure is counted from its end.
  expect(released(entry, { ...at, holder: 'me', ok: false })).toMatchObject({
    entry: { holder: '', attempts: [{ at: NOW + MINUTE, ok: false }] },
  });
});

/** What may happen to an app, in any order and at any time: two try to repair it, each ends in some way or dies. */
const happenings = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 40 * MINUTE }),
    who: fc.constantFrom('one', 'two'),
    end: fc.constantFrom<'proven' | 'failed' | 'dies' | 'at it'>('proven', 'failed', 'dies', 'at it'),
  }),
  { maxLength: 60 },
);

test('whatever happens, no app is repaired more often within any hour than it may be', () => {
  fc.assert(
    fc.property(happenings, (story) => {
      const starts = play(story).map(({ at }) => at);
      for (const start of starts) {
        const within = starts.filter((at) => at > start - 60 * MINUTE && at <= start);
        expect(within.length).toBeLessThanOrEqual(LIMITS.maxPerAppPerHour);
      }
    }),
  );
});

test('whatever happens, nobody begins while another one who lives is at it', () => {
  fc.assert(
    fc.property(happenings, (story) => {
      for (const { held, who } of play(story)) expect([held, who]).toEqual([held === '' ? '' : who, who]);
    }),
  );
});

/** @returns each claim that was given: when, to whom, and who held it just before. */
function play(story: { waitMs: number; who: string; end: string }[]) {
  const given: { at: number; who: string; held: string }[] = [];
  let entry = NO_REPAIRS;
  let nowMs = NOW;
  for (const { waitMs, who, end } of story) {
    nowMs += waitMs;
    const claimed = claim(entry, by(nowMs, who));
    if ('refused' in claimed) continue;
    given.push({ at: nowMs, who, held: nowMs < entry.until ? entry.holder : '' });
    ({ entry } = claimed);
    if (end !== 'proven' && end !== 'failed') continue;
    const ended = released(entry, { label: 'scholar_auth', holder: who, nowMs, ok: end === 'proven' });
    if ('refused' in ended) throw new Error(ended.refused);
    ({ entry } = ended);
  }
  return given;
}

test("the limits of a person's command let every app be repaired once, and once more", () => {
  expect(DEFAULT_LIMITS.maxPerHour).toBe(2 * 8);
  expect(DEFAULT_LIMITS.maxPerAppPerHour).toBeGreaterThanOrEqual(2);
});
