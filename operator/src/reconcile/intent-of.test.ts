import { NO_REPAIRS } from '../remedy/budget.ts';
import { CONFIRM_MS, firstSeen, intentOf } from './intent-of.ts';
import { judgeRefusal } from './refusal-of.ts';
import { drift, NOW } from './testing/facts.ts';

const a1 = drift('scholar_auth');
const a6 = drift('provider_register');
const free = async () => undefined;

async function after(
  findings: (typeof a1)[],
  options: { agoMs: number; refusalOf?: Parameters<typeof intentOf>[1]['refusalOf'] },
) {
  const seen = firstSeen(new Map(), findings, 0);
  return intentOf(findings, { seen, nowMs: options.agoMs, refusalOf: options.refusalOf ?? free });
}

test('a finding is seen twice, ten seconds apart, before anything is changed for it', async () => {
  expect(await after([a1], { agoMs: CONFIRM_MS - 1 })).toEqual({ kind: 'confirm' });
  expect(await after([a1], { agoMs: CONFIRM_MS })).toEqual({ kind: 'repair', label: 'scholar_auth' });
});

test('a finding that was gone in between begins anew', () => {
  const first = firstSeen(new Map(), [a1, a6], 0);
  const second = firstSeen(first, [a6], 10);
  const third = firstSeen(second, [a1, a6], 20);
  expect([...third.values()]).toEqual([20, 0]);
});

test('one app at a time, and the next one where the first may not be repaired', async () => {
  expect(await after([a1, a6], { agoMs: CONFIRM_MS })).toMatchObject({ label: 'provider_register' });
  const refusalOf = async (label: string) =>
    label === 'provider_register' ? { why: 'too often', exhausted: true } : undefined;
  expect(await after([a1, a6], { agoMs: CONFIRM_MS, refusalOf })).toMatchObject({ label: 'scholar_auth' });
  expect(await after([a6], { agoMs: CONFIRM_MS, refusalOf })).toEqual({
    kind: 'refused',
    why: 'too often',
    exhausted: true,
  });
});

test('what only a person can mend, and what is information only, begins no repair', async () => {
  const findings = [
    { ...a1, remedies: [] },
    { ...a6, severity: 'info' as const },
  ];
  expect(await after(findings, { agoMs: CONFIRM_MS })).toEqual({ kind: 'nothing' });
});

const limits = { maxPerAppPerHour: 2, maxPerHour: 3, backoffMs: 60_000 };
const by = { holder: 'operator', nowMs: NOW, limits };
const done = (count: number, ok: boolean) => ({
  ...NO_REPAIRS,
  attempts: Array.from({ length: count }, () => ({ at: NOW - 1_000, ok })),
});
const entries = (mine = NO_REPAIRS, other = NO_REPAIRS) => [
  { label: 'scholar_auth' as const, entry: mine },
  { label: 'provider_register' as const, entry: other },
];

test.each([
  ['nobody repaired anything', entries(), undefined],
  ['this app was repaired as often as may be', entries(done(2, true)), { exhausted: true }],
  [
    'all together were repaired as often as may be',
    entries(done(1, true), done(2, true)),
    { exhausted: true },
  ],
  ['the last repair was not proven', entries(done(1, false)), { exhausted: false }],
  [
    'somebody else is at it',
    entries({ ...NO_REPAIRS, holder: 'a person', until: NOW + 1 }),
    { exhausted: false },
  ],
])('a repair is refused, or not, where %s', (_, ledger, expected) => {
  const refusal = judgeRefusal(ledger, 'scholar_auth', by);
  if (expected === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject(expected);
});
