import { areGuardsDue, isDue, nextPassMs } from './next-pass.ts';
import type { Intent, Seen } from './seen.ts';
import { INTERVAL_MS, NOW } from './testing/facts.ts';

const at = (ms: number): string => new Date(NOW + ms).toISOString();
const GUARDS_MS = 300_000;
const tried = { at: at(0), kept: 7, failed: 0, unknown: 0, guards: [] };
const verified = { verifiedAt: at(0), expiresAt: at(2 * INTERVAL_MS), guards: tried };

function looked(intent: Intent): Seen {
  return { kind: 'looked', findings: [], proof: undefined, repairs: [], intent };
}

test.each<[string, Seen, number, number]>([
  ['when the next canary is due', looked({ kind: 'nothing' }), 0, 60_000],
  ['when the next canary is due, however late we are', looked({ kind: 'nothing' }), 59_000, 1_000],
  ['at once, where a canary became due meanwhile', looked({ kind: 'nothing' }), 61_000, 250],
  ['after ten seconds, to see a finding once more', looked({ kind: 'confirm' }), 0, 10_000],
  ['at once, to do what was announced', looked({ kind: 'repair', label: 'scholar_auth' }), 0, 250],
  ['at once, to begin', { kind: 'announced' }, 0, 250],
  ['after ten seconds, where nobody could look', { kind: 'blind', why: '' }, 0, 10_000],
  ['when evidence expires, where nobody could look', { kind: 'blind', why: '' }, 119_000, 1_001],
  ['after a minute, where the spec is unusable', { kind: 'unusable', why: '' }, 0, 60_000],
])('the next pass is %s', (_, seen, ms, expected) => {
  const periods = { intervalMs: INTERVAL_MS, guardsEveryMs: GUARDS_MS };
  expect(nextPassMs({ seen, status: verified, ...periods, nowMs: NOW + ms })).toBe(expected);
});

test.each<[string, Partial<typeof tried> | undefined, number]>([
  ['when they are due, before the next canary is', {}, 300_000],
  ['at once, where they never were tried', undefined, 250],
  ['a minute later, where they could not be tried', { kept: 0, unknown: 7 }, 60_000],
  [
    'when they are due, where one is broken, although another could not be tried',
    { failed: 1, unknown: 1 },
    300_000,
  ],
])('for the guards the next pass is %s', (_, last, expected) => {
  const guards = last === undefined ? {} : { guards: { ...tried, ...last } };
  const status = { verifiedAt: at(0), expiresAt: at(7_200_000), ...guards };
  const periods = { intervalMs: 3_600_000, guardsEveryMs: GUARDS_MS };
  expect(nextPassMs({ seen: looked({ kind: 'nothing' }), status, ...periods, nowMs: NOW })).toBe(expected);
});

test('where nobody could look, guards that are due are no reason to come again sooner', () => {
  const periods = { intervalMs: INTERVAL_MS, guardsEveryMs: GUARDS_MS };
  const status = { verifiedAt: at(0), expiresAt: at(2 * INTERVAL_MS) };
  expect(nextPassMs({ seen: { kind: 'blind', why: '' }, status, ...periods, nowMs: NOW })).toBe(10_000);
});

test.each<[string, number, boolean]>([
  ['were tried just now', 0, false],
  ['are due in more than half a canary interval', 269_000, false],
  ['are due before the next canary, so that both share a pass', 270_000, true],
  ['are overdue', 900_000, true],
  ['were tried by somebody whose clock is ahead', -1, true],
])('guards that %s are tried in this pass: %s ms later, %s', (_, ms, due) => {
  const periods = { everyMs: GUARDS_MS, intervalMs: INTERVAL_MS, nowMs: NOW + ms };
  expect(areGuardsDue(tried, periods)).toBe(due);
  expect(areGuardsDue(undefined, periods)).toBe(true);
});

test.each([
  [undefined, true],
  [at(0), true],
  [at(1), false],
  [at(INTERVAL_MS), false],
  [at(INTERVAL_MS + 1), true],
])('with a last verification at %s a canary is due one interval later: %s', (verifiedAt, due) => {
  const status = verifiedAt === undefined ? undefined : { verifiedAt };
  expect(isDue(status, INTERVAL_MS, NOW + INTERVAL_MS)).toBe(due);
});
