import fc from 'fast-check';
import type { KubeApi } from '../../../kube/api-call.ts';
import { KubeError } from '../../../kube/kube-error.ts';
import type { Lease } from '../../../kube/lease.ts';
import { CLAIM_MS, DEFAULT_LIMITS } from '../../../remedy/budget.ts';
import { hold } from '../../../remedy/ledger.ts';
import { entryOf, leaseOf, ledgerLeases } from './ledger-leases.ts';
import { operatorHolder } from './operator-holder.ts';

const at = { name: 'scholar-auth-repair', namespace: 'trial', resourceVersion: '7' };

test('what is written into a Lease is what is read from it', () => {
  const moment = fc.integer({ min: CLAIM_MS, max: 4_000_000_000_000 });
  const attempt = fc.record(
    { at: moment, ok: fc.constantFrom(true, false, null), findings: fc.array(fc.string()) },
    { requiredKeys: ['at', 'ok'] },
  );
  const entries = fc.record({
    holder: fc.string({ minLength: 1 }),
    until: moment,
    attempts: fc.array(attempt),
  });
  fc.assert(fc.property(entries, (entry) => expect(entryOf(leaseOf(entry, at) as Lease)).toEqual(entry)));
});

test('a Lease that was given back is free, and keeps what was tried', () => {
  const attempts = [{ at: 1, ok: false }];
  const lease = leaseOf({ holder: '', until: 0, attempts }, at) as Lease;
  expect(entryOf(lease)).toEqual({ holder: '', until: 0, attempts });
  expect(lease.metadata.resourceVersion).toBe('7');
});

test('a Lease of another kind holds nobody up for ever', () => {
  const lease = { metadata: { name: 'x', annotations: { 'scholar.dev/repairs': 'nonsense' } }, spec: {} };
  expect(entryOf(lease)).toEqual({ holder: '', until: 0, attempts: [] });
});

/** An API server with one Lease at most, and the pods that run. */
function oneLease() {
  let lease: Lease | undefined;
  let version = 0;
  const api = {
    request: async ({ verb, body }: { verb: string; body?: unknown }) => {
      if (verb === 'get') {
        if (lease === undefined) throw new KubeError('no Lease', 404, undefined);
        return lease;
      }
      const written = body as Lease;
      version += 1;
      lease = { ...written, metadata: { ...written.metadata, resourceVersion: String(version) } };
      return lease;
    },
  } as unknown as KubeApi;
  return { api, lease: () => lease };
}

test('operators that die in the middle of every repair follow each other at once, and repair no more often than anybody may', async () => {
  const { api } = oneLease();
  const limits = { maxPerAppPerHour: 4, maxPerHour: 16, backoffMs: 60_000 };
  const began: number[] = [];
  let nowMs = CLAIM_MS;
  for (const end = nowMs + 3 * 3_600_000; nowMs < end; nowMs += 10_000) {
    // Nobody of those before is there any more.
    const store = ledgerLeases(api, 'trial', { pods: async () => [] });
    const holder = operatorHolder(`scholar-operator-${began.length}`);
    const deps = { store, clock: { now: () => nowMs }, holder, limits, labels: [] };
    await hold(deps, 'scholar_auth').then(
      () => began.push(nowMs),
      () => undefined,
    );
  }
  expect((began[1] ?? 0) - (began[0] ?? 0)).toBeLessThan(CLAIM_MS / 5);
  for (const from of began)
    expect(began.filter((at) => at >= from && at < from + 3_600_000).length).toBeLessThanOrEqual(4);
  expect(began.length).toBeGreaterThan(8);
});

test('what an operator holds whose pod is there stays held, and so does what a person holds', async () => {
  for (const [holder, pods] of [
    [operatorHolder('a'), [{ metadata: { name: 'a' }, status: RUNS_SINCE_LONG_AGO }]],
    ['scholar fix of process 7 on laptop', []],
  ] as const) {
    const { api } = oneLease();
    const store = ledgerLeases(api, 'trial', { pods: async () => [...pods] });
    const deps = { store, holder, limits: DEFAULT_LIMITS, labels: [], clock: { now: () => 2 * CLAIM_MS } };
    await hold(deps, 'scholar_auth');
    await expect(hold({ ...deps, holder: operatorHolder('b') }, 'scholar_auth')).rejects.toThrow(holder);
  }
});

const RUNS_SINCE_LONG_AGO = {
  containerStatuses: [
    {
      ...{ name: 'operator', ready: true, restartCount: 0, image: 'i', imageID: 'i' },
      state: { running: { startedAt: new Date(0) } },
    },
  ],
};
