import type { ConservationView, LackingMinute } from '../../conservation-view.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf } from '../healthy-snapshot.ts';

const lacking = (more: Partial<LackingMinute>): LackingMinute => ({
  ...{ minute: '2026-11-24T11:30:00.000Z', acknowledged: 10 },
  ...{ missing: [], beyond: 0, unnamed: 0 },
  ...more,
});

const view = (...minutes: LackingMinute[]): ConservationView => ({
  ...{ forwarderId: 'f-1', from: '2026-11-23T13:00:00.000Z', to: '2026-11-24T11:58:00.000Z' },
  ...{ acknowledged: 100, lacking: minutes },
});

const compared = (snapshot: Snapshot, ...views: ConservationView[]): void => {
  appOf(snapshot, 'scholar_auth').conservation = views;
};

/** Whether every event that A8 acknowledged is a row. */
export const ROW_CASES: readonly AuditCase[] = [
  { says: 'a forwarder all of whose events are rows is fine', change: (s) => compared(s, view()), finds: [] },
  {
    says: 'acknowledged events that are no rows are named',
    change: (s) => compared(s, view(lacking({ missing: ['a', 'b'] }))),
    finds: ['A1 rows_lost'],
  },
  {
    says: 'those of two replicas of one app are one finding',
    change: (s) => compared(s, view(lacking({ missing: ['a'] })), view(lacking({ missing: ['b'] }))),
    finds: ['A1 rows_lost'],
  },
  {
    says: 'a number without ids is a finding as well',
    change: (s) => compared(s, view(lacking({ unnamed: 3 }))),
    finds: ['A1 rows_lost'],
  },
  {
    says: 'what is gone on both sides is another finding: no forwarder can bring it back',
    change: (s) => compared(s, view(lacking({ missing: ['a'], beyond: 2 }))),
    finds: ['A1 rows_lost', 'A1 rows_lost_for_good'],
  },
  {
    says: 'an event that a truth table proved is told once, as lost evidence',
    change: (s) => {
      s.lost = [{ what: 'gone', label: 'scholar_auth', event_id: 'a', seen_at: s.at }];
      compared(s, view(lacking({ missing: ['a'] })));
    },
    finds: ['A1 evidence_lost'],
  },
];
