import fc from 'fast-check';
import type { Lease } from '../../../kube/lease.ts';
import { CLAIM_MS } from '../../../remedy/budget.ts';
import { entryOf, leaseOf } from './ledger-leases.ts';

const at = { name: 'scholar-auth-repair', namespace: 'trial', version: '7' };

test('what is written into a Lease is what is read from it', () => {
  const moment = fc.integer({ min: CLAIM_MS, max: 4_000_000_000_000 });
  const attempt = fc.record({ at: moment, ok: fc.constantFrom(true, false, null) });
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
