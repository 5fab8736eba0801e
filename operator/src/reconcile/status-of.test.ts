import type { RowVerdict } from '@scholar/contract';
import fc from 'fast-check';
import type { Judged } from '../audit/judged.ts';
import { verdictNow } from '../crd/evidence.ts';
import { statusSchema, type TruthTableStatus } from '../crd/status.ts';
import type { Intent, RepairDone, Seen } from './seen.ts';
import { statusOf } from './status-of.ts';
import { drift, INTERVAL_MS, NOW, proofOf, specOf } from './testing/facts.ts';

const LABELS = ['scholar_auth', 'provider_register'] as const;
const spec = specOf(LABELS);
const failed: RepairDone = {
  at: '2026-01-01T00:00:00Z',
  app: 'scholar_auth',
  finding: 'a8_key_missing',
  remedy: 'restart it',
  ok: false,
};

function looked(
  one: RowVerdict,
  other: RowVerdict,
  more: Partial<Extract<Seen, { kind: 'looked' }>> = {},
): Seen {
  const proof = proofOf({ scholar_auth: one, provider_register: other });
  return { kind: 'looked', findings: [], proof, repairs: [], intent: { kind: 'nothing' }, ...more };
}

function after(seen: Seen, before?: TruthTableStatus, nowMs = NOW, generation = 1): TruthTableStatus {
  return statusOf({ before, generation, spec, seen, nowMs });
}

const reasons = ({ conditions = [] }: TruthTableStatus): string =>
  conditions.map(({ reason }) => reason).join(' ');

const exhausted: Intent = { kind: 'refused', why: '6 repairs within an hour', exhausted: true };
const waiting: Intent = { kind: 'refused', why: 'somebody else is at it', exhausted: false };

test.each<[string, Seen, string]>([
  ['nothing was looked at yet', { kind: 'announced' }, 'Pending Verifying Pending'],
  ['the spec is unusable', { kind: 'unusable', why: 'w' }, 'SpecUnusable Settled SpecUnusable'],
  ['nobody ever could look', { kind: 'blind', why: 'w' }, 'RowUnknown Verifying HubUnreachable'],
  ['all is green', looked('green', 'green'), 'AllGreen Settled AsExpected'],
  ['a row is red', looked('red', 'green'), 'RowRed Settled RowRed'],
  ['a row is red and another unknown', looked('red', 'unknown'), 'RowRed Settled RowRed'],
  ['a row is unknown', looked('unknown', 'green'), 'RowUnknown Settled AsExpected'],
  ['the database answers for no row', looked('unknown', 'unknown'), 'RowUnknown Settled HubUnreachable'],
  [
    'a repair is announced',
    looked('red', 'green', { intent: { kind: 'repair', label: 'scholar_auth' } }),
    'RowRed Repairing RowRed',
  ],
  [
    'a repair was not proven',
    looked('red', 'green', { repairs: [failed], findings: [drift('scholar_auth')] }),
    'RowRed Settled RepairFailed',
  ],
  [
    'a repair was not proven, and the finding is gone all the same',
    looked('green', 'green', { repairs: [failed] }),
    'AllGreen Settled AsExpected',
  ],
  [
    'the repairs are used up',
    looked('red', 'green', { intent: exhausted }),
    'RowRed Settled RepairsExhausted',
  ],
  ['somebody else repairs', looked('red', 'green', { intent: waiting }), 'RowRed Settled RowRed'],
])('%s', (_, seen, expected) => {
  expect(reasons(after(seen))).toBe(expected);
});

test('a red row whose finding no remedy can end says what a person has to do, and others do not', () => {
  const advice = 'there is no Secret vault to copy STRIPE_SECRET_KEY from';
  const told = { ...drift('scholar_auth', 'stripe_secret_key_missing'), remedies: [], advice };
  const message = (findings: Judged[]) =>
    after(looked('red', 'green', { findings })).conditions?.find(({ type }) => type === 'Degraded')?.message;
  expect(message([told])).toContain(`A1 stripe_secret_key_missing is for a person: ${advice}.`);
  expect(message([{ ...told, label: 'scholarship_sage' }])).not.toContain('vault');
  expect(message([{ ...drift('scholar_auth'), advice }])).not.toContain('vault');
});

describe('what A8 must refuse', () => {
  const at = new Date(NOW).toISOString();
  const kept = { at, kept: 7, failed: 0, unknown: 0, guards: [] };
  const finding = { code: 'guard_open', summary: 'A8 takes what the contract refuses: wrong_key.' };
  const broken = { ...kept, kept: 6, failed: 1, findings: [finding] };
  const degraded = ({ conditions = [] }: TruthTableStatus) =>
    conditions.find(({ type }) => type === 'Degraded');

  test('a broken guard is a degradation that names the finding and its page, and turns no row red', () => {
    const status = after(looked('green', 'green', { guards: broken }));
    expect(reasons(status)).toBe('AllGreen Settled GuardBroken');
    expect(degraded(status)?.message).toBe(
      'guard_open: A8 takes what the contract refuses: wrong_key. See docs/drifts/guard_open.md.',
    );
  });

  test('it stays until a later try says otherwise, over passes without a try and over a new spec', () => {
    const first = after(looked('green', 'green', { guards: broken }));
    const second = after(looked('green', 'green'), first);
    expect([reasons(second), second.guards]).toEqual(['AllGreen Settled GuardBroken', broken]);
    const announced = after({ kind: 'announced' }, second, NOW, 2);
    expect(announced.guards).toEqual(broken);
    const third = after(looked('green', 'green', { guards: kept }), announced, NOW, 2);
    expect([reasons(third), third.guards]).toEqual(['AllGreen Settled AsExpected', kept]);
  });

  test('guards that could not be tried are told, and are no finding', () => {
    const unknown = { ...kept, kept: 0, unknown: 7 };
    const status = after(looked('green', 'green', { guards: unknown }));
    expect([reasons(status), status.guards]).toEqual(['AllGreen Settled AsExpected', unknown]);
  });
});

test('evidence that nobody renews is unknown from its expiry on, and says so', () => {
  const green = after(looked('green', 'green'));
  const blind: Seen = { kind: 'blind', why: 'the cluster does not answer' };
  const fresh = after(blind, green, NOW + 2 * INTERVAL_MS - 1);
  expect([reasons(fresh), fresh.summary?.green]).toEqual(['AllGreen Settled AsExpected', 2]);
  const old = after(blind, green, NOW + 2 * INTERVAL_MS);
  expect([reasons(old), old.summary]).toEqual([
    'EvidenceExpired Settled HubUnreachable',
    { green: 0, red: 0, unknown: 2 },
  ]);
});

test('rows of another generation are no evidence for this one', () => {
  const green = after(looked('green', 'green'));
  const changed = after({ kind: 'announced' }, green, NOW + 1, 2);
  expect(changed).toMatchObject({
    observedGeneration: 2,
    rows: [],
    summary: { green: 0, red: 0, unknown: 0 },
  });
  expect(changed.verifiedAt).toBeUndefined();
  expect(reasons(changed)).toBe('Pending Verifying Pending');
});

test('a table with a row too few is not green', () => {
  const seen = looked('green', 'green', { proof: proofOf({ scholar_auth: 'green' }) });
  expect(reasons(after(seen))).toBe('RowUnknown Settled AsExpected');
});

test('a look without a canary that finds the same changes no letter of the status', () => {
  const green = after(looked('green', 'green'));
  expect(after(looked('green', 'green', { proof: undefined }), green, NOW + 15_000)).toEqual(green);
});

test('the newest twenty repairs are kept', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ ...failed, detail: `${index}` }));
  const status = after(looked('green', 'green', { repairs: [{ ...failed, detail: 'new' }] }), {
    observedGeneration: 1,
    repairs: many.slice(0, 20),
  });
  expect(status.repairs?.map(({ detail }) => detail)).toEqual([
    'new',
    ...Array.from({ length: 19 }, (_, i) => `${i}`),
  ]);
});

const verdict = fc.constantFrom<RowVerdict>('green', 'red', 'unknown');
const intent = fc.constantFrom<Intent>(
  { kind: 'nothing' },
  { kind: 'confirm' },
  { kind: 'repair', label: 'scholar_auth' },
  exhausted,
  waiting,
);
const seenAt = (nowMs: number): fc.Arbitrary<Seen> =>
  fc.oneof(
    fc.constant<Seen>({ kind: 'announced' }),
    fc.constant<Seen>({ kind: 'unusable', why: 'w' }),
    fc.constant<Seen>({ kind: 'blind', why: 'w' }),
    fc.record({ one: verdict, other: verdict, intent, isDue: fc.boolean(), isFailed: fc.boolean() }).map(
      ({ one, other, isDue, isFailed, ...rest }): Seen => ({
        kind: 'looked',
        findings: isFailed ? [drift('scholar_auth')] : [],
        repairs: isFailed ? [failed] : [],
        proof: isDue ? proofOf({ scholar_auth: one, provider_register: other }, nowMs) : undefined,
        ...rest,
      }),
    ),
  );

const step = fc
  .record({ waitMs: fc.integer({ min: 0, max: 4 * INTERVAL_MS }), newSpec: fc.boolean() })
  .chain((moved) => seenAt(0).map((seen) => ({ ...moved, seen })));

test('whatever happens in whatever order, no row is green on expired evidence, and the conditions say what the rows do', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      let status: TruthTableStatus | undefined;
      let nowMs = NOW;
      let generation = 1;
      for (const { waitMs, newSpec, seen } of steps) {
        nowMs += waitMs;
        if (newSpec) generation += 1;
        status = after(dated(seen, nowMs), status, nowMs, generation);
        expectConsistent(status, nowMs);
      }
    }),
    { numRuns: 300 },
  );
});

function dated(seen: Seen, endedMs: number): Seen {
  if (seen.kind !== 'looked' || seen.proof === undefined) return seen;
  return { ...seen, proof: { ...seen.proof, endedMs } };
}

function expectConsistent(status: TruthTableStatus, nowMs: number): void {
  expect(statusSchema.safeParse(status).error).toBeUndefined();
  const { rows = [], summary } = status;
  const count = (wanted: RowVerdict): number => rows.filter((row) => row.verdict === wanted).length;
  for (const row of rows) expect(row.verdict).toBe(verdictNow(row, nowMs));
  expect(summary).toEqual({ green: count('green'), red: count('red'), unknown: count('unknown') });
  const [ready, progressing, degraded] = status.conditions ?? [];
  expect(ready?.status === 'True').toBe(count('green') === LABELS.length);
  if (ready?.reason === 'RowRed') expect(count('red')).toBeGreaterThan(0);
  if (count('red') > 0) expect([ready?.reason, degraded?.status]).toEqual(['RowRed', 'True']);
  if (degraded?.reason === 'HubUnreachable') expect(count('green')).toBe(0);
  if (degraded?.reason === 'RowRed') expect(count('red')).toBeGreaterThan(0);
  if (progressing?.reason === 'Verifying') expect(rows).toEqual([]);
}
