import { isDue, nextPassMs } from './next-pass.ts';
import type { Intent, Seen } from './seen.ts';
import { INTERVAL_MS, NOW } from './testing/facts.ts';

const at = (ms: number): string => new Date(NOW + ms).toISOString();
const verified = { verifiedAt: at(0), expiresAt: at(2 * INTERVAL_MS) };

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
  expect(nextPassMs({ seen, status: verified, intervalMs: INTERVAL_MS, nowMs: NOW + ms })).toBe(expected);
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
