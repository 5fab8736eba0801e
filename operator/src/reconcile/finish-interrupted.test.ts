import type { AppLabel, RepairRecord, RowVerdict } from '@scholar/contract';
import type { ServedLabel } from '../audit/remedy.ts';
import { type LedgerEntry, NO_REPAIRS } from '../remedy/budget.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import { drift, NOW, proofOf } from './testing/facts.ts';

const LEFT: LedgerEntry = {
  holder: '',
  until: 0,
  attempts: [
    { at: NOW - 90_000, ok: true },
    { at: NOW - 30_000, ok: null, findings: ['a8_key_missing'] },
  ],
};

/** What is kept of one app, and what A8 was told. */
function rig(entry: LedgerEntry, more: { isOvertaken?: boolean } = {}) {
  const entries = new Map<ServedLabel, LedgerEntry>([['scholar_auth', entry]]);
  const told: RepairRecord[] = [];
  const target: Parameters<typeof finishInterrupted>[0] = {
    kind: 'cluster',
    ledger: {
      read: async (label) => ({ entry: entries.get(label) ?? NO_REPAIRS, version: '1' }),
      write: async (label, written) => {
        if (more.isOvertaken === true) return false;
        entries.set(label, written);
        return true;
      },
    },
    recordRepair: async (record) => void told.push(record),
  };
  const finish = (verdict: RowVerdict, found: AppLabel[] = []) =>
    finishInterrupted(target, {
      findings: found.map((label) => drift(label)),
      proof: proofOf({ scholar_auth: verdict }),
      nowMs: NOW,
    });
  return { finish, told, last: () => entries.get('scholar_auth')?.attempts.at(-1) };
}

test('a repair that helped, and whose operator did not live to see it, is ended as proven by the row of its app, once', async () => {
  const { finish, told, last } = rig(LEFT);
  const [done] = await finish('green');
  expect(done).toMatchObject({ app: 'scholar_auth', finding: 'a8_key_missing', ok: true });
  expect(told[0]).toMatchObject({ ok: true, attempt: 2, proof: { event_id: done?.eventId } });
  expect(last()).toMatchObject({ at: NOW - 30_000, ok: true });
  expect([await finish('green'), told.length]).toEqual([[], 1]);
});

test.each([
  ['its finding is still there', 'green', ['scholar_auth']],
  ['no row of its app was read back', 'red', []],
] as const)(
  'a repair that was interrupted is ended as failed where %s, and the pause before the next begins',
  async (_, verdict, found) => {
    const { finish, told, last } = rig(LEFT);
    const [done] = await finish(verdict, [...found]);
    expect(done).toMatchObject({ ok: false, detail: expect.stringContaining('interrupted') });
    expect([told[0]?.proof, told[0]?.rolled_back]).toEqual([null, false]);
    expect(last()).toMatchObject({ at: NOW, ok: false });
  },
);

test.each([
  ['is under way', { ...LEFT, holder: 'a person', until: NOW + 1 }],
  ['was ended', { ...LEFT, attempts: LEFT.attempts.slice(0, 1) }],
  ['never was', NO_REPAIRS],
])('a repair that %s is left alone', async (_what, entry) => {
  const { finish, told } = rig(entry);
  expect([await finish('green'), told]).toEqual([[], []]);
});

test('what somebody else goes on with at the same moment is his to tell', async () => {
  const { finish, told } = rig(LEFT, { isOvertaken: true });
  expect([await finish('green'), told]).toEqual([[], []]);
});
