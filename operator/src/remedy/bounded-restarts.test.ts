import fc from 'fast-check';
import type { Snapshot } from '../audit/snapshot.ts';
import { appOf, healthySnapshot, told } from '../audit/testing/healthy-snapshot.ts';
import { DEFAULT_LIMITS, MAX_RESTARTS_PER_REPAIR } from './budget.ts';
import { endRepairs } from './end-repairs.ts';
import { notProven } from './prove.ts';
import {
  ledgerOf,
  NOON,
  onConsole,
  proofOf,
  repaired,
  stopped,
  systemOf,
  withDeadLetters,
} from './testing/system-of-states.ts';

/** What an app may look like to an audit, however it came to that. */
const looks: (() => Snapshot)[] = [
  healthySnapshot,
  stopped,
  withDeadLetters,
  () => onConsole('scholar_auth'),
  () => {
    const snapshot = onConsole('scholar_auth');
    told(appOf(snapshot, 'scholar_auth').running).event_names = 'legacy';
    return snapshot;
  },
];

test('whatever is found, however often it is asked for and whatever is proven: an app is restarted a bounded number of times an hour', async () => {
  const bound = MAX_RESTARTS_PER_REPAIR * DEFAULT_LIMITS.maxPerAppPerHour;
  const asks = fc.array(
    fc.record({
      before: fc.constantFrom(...looks),
      after: fc.array(fc.constantFrom(...looks), { minLength: 1, maxLength: 3 }),
      proven: fc.boolean(),
      waitMs: fc.integer({ min: 0, max: 4 * 60_000 }),
    }),
    { minLength: 8, maxLength: 16 },
  );
  await fc.assert(
    fc.asyncProperty(asks, async (story) => {
      const ledger = ledgerOf();
      const restarts: number[] = [];
      let nowMs = NOON;
      for (const { before, after, proven, waitMs } of story) {
        nowMs += waitMs;
        const system = systemOf([before(), ...after.map((look) => look())], { ledger, nowMs });
        const result = await repaired(system, before());
        const proof = proofOf(...(proven ? (['scholar_auth'] as const) : []));
        await endRepairs(
          result,
          (label) => notProven(label, result, proof),
          () => undefined,
        );
        const applied = system.applied.filter((text) => /^(re)?start/u.test(text)).length;
        for (let each = 0; each < applied + system.undone.length; each += 1) restarts.push(nowMs);
        nowMs = system.clock.now();
      }
      for (const end of restarts)
        expect(restarts.filter((at) => at > end - 3_600_000 && at <= end).length).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 15 },
  );
});
