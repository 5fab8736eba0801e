import type { LeftClaimView } from '../snapshot.ts';
import { appOf, healthyCluster } from '../testing/healthy-snapshot.ts';
import { leftClaims } from './left-claims.ts';

function claimOf(ordinal: number, more: Partial<LeftClaimView> = {}): LeftClaimView {
  return {
    namespace: 'trial',
    claim: `outbox-scholar-auth-${ordinal}`,
    pod: `scholar-auth-${ordinal}`,
    createdAt: '2026-11-20T12:00:00.000Z',
    replicas: 1,
    standing: false,
    drained: undefined,
    ...more,
  };
}

function judged(
  claims: LeftClaimView[],
  change: (hub: ReturnType<typeof healthyCluster>) => void = () => undefined,
) {
  const snapshot = healthyCluster();
  appOf(snapshot, 'scholar_auth').leftClaims = claims;
  change(snapshot);
  return leftClaims(snapshot);
}

const DRAINED = { at: '2026-11-24T11:00:00.000Z', found: 20, left: 0, dead: 0, quarantined: 0, why: '' };

test('each claim of unknown content is drained, with its name and its age in the evidence', () => {
  const [finding] = judged([claimOf(1), claimOf(2)]);
  expect(finding?.remedies).toEqual([
    { kind: 'drain_claim', label: 'scholar_auth', claim: 'outbox-scholar-auth-1' },
    { kind: 'drain_claim', label: 'scholar_auth', claim: 'outbox-scholar-auth-2' },
  ]);
  expect(finding?.evidence[0]).toMatch(
    /^outbox-scholar-auth-1, made \d+ days ago for scholar-auth-1, which is gone/u,
  );
});

test('while A8 takes no events, or the app has no pod to prove anything by, nothing is begun, and the finding says why', () => {
  const [away] = judged([claimOf(1)], ({ hub }) => {
    hub.ready.status = 503;
  });
  expect(away).toMatchObject({ remedies: [], advice: expect.stringContaining('A8 must take events first') });
  const [off] = judged([claimOf(1, { replicas: 0 })]);
  expect(off).toMatchObject({ remedies: [], advice: expect.stringContaining('scaled to 0') });
});

test('what a drain left is drained again, and told by its number and reason', () => {
  const drained = { ...DRAINED, left: 5, why: 'held: unauthorized' };
  const [finding] = judged([claimOf(1, { drained })]);
  expect(finding?.summary).toContain('5 acknowledged events there are undelivered');
  expect(finding?.evidence[0]).toContain('found 20 undelivered events and left 5');
  expect(finding?.evidence[0]).toContain('held: unauthorized');
  expect(finding?.remedies).toHaveLength(1);
});

test('dead letters alone are no reason to drain again: the way to look at them is told', () => {
  const [finding] = judged([claimOf(1, { drained: { ...DRAINED, dead: 2 } })]);
  expect(finding?.remedies).toEqual([]);
  expect(finding?.advice).toContain('kubectl -n trial scale statefulset/scholar-auth --replicas=2');
});

test('an empty claim is told beside one that is not, and only told', () => {
  const [owed, empty] = judged([claimOf(1, { drained: DRAINED }), claimOf(2)]);
  expect(owed?.code).toBe('outbox_left_behind');
  expect(owed?.remedies).toHaveLength(1);
  expect(empty).toMatchObject({ code: 'outbox_left_empty', severity: 'info', remedies: [] });
  expect(empty?.advice).toContain('kubectl -n trial delete persistentvolumeclaim outbox-scholar-auth-1');
});
