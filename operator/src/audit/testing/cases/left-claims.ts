import type { DrainSeen, LeftClaimView, Snapshot } from '../../snapshot.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf, healthyCluster } from '../healthy-snapshot.ts';

const of = healthyCluster;

function left(snapshot: Snapshot, drained: DrainSeen | undefined, more: Partial<LeftClaimView> = {}): void {
  appOf(snapshot, 'scholar_auth').leftClaims = [
    {
      namespace: 'trial',
      claim: 'outbox-scholar-auth-1',
      pod: 'scholar-auth-1',
      createdAt: '2026-11-20T12:00:00.000Z',
      replicas: 1,
      standing: false,
      drained,
      ...more,
    },
  ];
}

const seen = (more: Partial<DrainSeen> = {}): DrainSeen => ({
  at: '2026-11-24T11:00:00.000Z',
  found: 3,
  left: 0,
  dead: 0,
  quarantined: 0,
  why: '',
  ...more,
});

/** Claims that outlive their replicas. */
export const LEFT_CLAIM_CASES: readonly AuditCase[] = [
  {
    says: 'a claim that a scale-down left is named while nobody knows what is on it',
    of,
    change: (s) => left(s, undefined),
    finds: ['A1 outbox_left_behind'],
  },
  {
    says: 'a claim on which a drain left events is still named',
    of,
    change: (s) => left(s, seen({ left: 2, why: 'held: unauthorized' })),
    finds: ['A1 outbox_left_behind'],
  },
  {
    says: 'a claim with nothing but dead letters is not called empty',
    of,
    change: (s) => left(s, seen({ dead: 1 })),
    finds: ['A1 outbox_left_behind'],
  },
  {
    says: 'nor is one with a damaged record',
    of,
    change: (s) => left(s, seen({ quarantined: 1 })),
    finds: ['A1 outbox_left_behind'],
  },
  {
    says: 'a claim that was drained to the end is told with the command that deletes it',
    of,
    change: (s) => left(s, seen()),
    finds: ['A1 outbox_left_empty'],
  },
  {
    says: 'the pod of a drain that was killed is named when it keeps a replica from being made, though nothing is owed',
    of,
    change: (s) => left(s, seen(), { standing: true, replicas: 2 }),
    finds: ['A1 outbox_left_behind'],
  },
  {
    says: 'where claims may not be listed, nothing is said of them',
    of,
    change: (s) => {
      appOf(s, 'scholar_auth').leftClaims = undefined;
    },
    finds: [],
  },
];
