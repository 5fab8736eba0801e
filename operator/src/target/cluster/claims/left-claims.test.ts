import type { DrainRecord } from './drain-record.ts';
import { leftClaimsOf, leftClaimViews } from './left-claims.ts';
import type { Claim } from './read-claims.ts';
import { podOn, type ScaledDown, scaledDown } from './testing/scaled-down.ts';

const claim = (name: string, more: Partial<Claim> = {}): Claim => ({
  name,
  createdAt: '2026-11-20T12:00:00Z',
  phase: 'Bound',
  leaving: false,
  ...more,
});

const left = (options: ScaledDown, ...claims: Claim[]) =>
  leftClaimsOf(scaledDown(options), 'scholar_auth', claims).map(({ name, ordinal }) => [name, ordinal]);

test('a claim whose number the StatefulSet does not have any more is left, those of its replicas are not', () => {
  const all = [0, 1, 2, 11].map((number) => claim(`outbox-scholar-auth-${number}`));
  expect(left({ replicas: 2 }, ...all)).toEqual([
    ['outbox-scholar-auth-2', 2],
    ['outbox-scholar-auth-11', 11],
  ]);
});

test('scaled to 0, the claim of the first replica waits for it: it is an app that somebody stopped', () => {
  const all = [claim('outbox-scholar-auth-0'), claim('outbox-scholar-auth-1')];
  expect(left({ replicas: 0 }, ...all)).toEqual([['outbox-scholar-auth-1', 1]]);
});

test('a pod that still uses it, whoever made it, has its own forwarder; one that has ended uses nothing', () => {
  const name = 'outbox-scholar-auth-1';
  expect(left({ pods: [podOn(name)] }, claim(name))).toEqual([]);
  expect(left({ pods: [podOn(name, { phase: 'Pending' })] }, claim(name))).toEqual([]);
  expect(left({ pods: [podOn(name, { phase: 'Succeeded' })] }, claim(name))).toEqual([[name, 1]]);
});

test.each<[string, Claim]>([
  ['one that was never bound', claim('outbox-scholar-auth-1', { phase: 'Pending' })],
  ['one that somebody has deleted', claim('outbox-scholar-auth-1', { leaving: true })],
  ['that of another volume', claim('data-scholar-auth-1')],
  ['that of an app whose name begins alike', claim('outbox-scholar-auth-old-1')],
])('%s is none of ours', (_, other) => {
  expect(left({}, other)).toEqual([]);
});

test('an app whose outbox lies on no claim of its own has left none', () => {
  const name = claim('outbox-scholar-auth-1');
  expect(left({ workload: { kind: 'Deployment' } }, name)).toEqual([]);
  expect(left({ workload: { claimTemplates: ['data'] } }, name)).toEqual([]);
  expect(left({ forwarder: { volumeMounts: [] } }, name)).toEqual([]);
});

test('what a drain saw counts until the workload is changed: a replica may have used the claim since', () => {
  const record: DrainRecord = {
    claim: 'outbox-scholar-auth-1',
    generation: 7,
    at: '2026-11-24T12:00:00Z',
    ...{ found: 3, left: 0, dead: 0, quarantined: 0, why: '' },
  };
  const claims = [claim('outbox-scholar-auth-1')];
  const seen = (generation: number) =>
    leftClaimViews(scaledDown({ workload: { generation } }), 'scholar_auth', { claims, drains: [record] })[0]
      ?.drained;
  expect(seen(7)).toMatchObject({ found: 3, left: 0 });
  expect(seen(8)).toBeUndefined();
});

test('scaled up again, a claim is named only while the pod of a killed drain stands in the place of its replica', () => {
  const name = 'outbox-scholar-auth-1';
  const pod = podOn(name, { phase: 'Succeeded', labels: { 'scholar.dev/drains-claim': name } });
  const views = (pods: ReturnType<typeof podOn>[]) =>
    leftClaimViews(scaledDown({ replicas: 2, pods }), 'scholar_auth', { claims: [claim(name)], drains: [] });
  expect(views([pod])).toMatchObject([{ claim: name, standing: true }]);
  expect(views([])).toEqual([]);
  expect(views([podOn(name, { name: 'scholar-auth-1' })])).toEqual([]);
});
