import { processEnv } from '@scholar/runtime/config';
import fc from 'fast-check';
import { type Action, type Fault, OutboxModel } from './testing/outbox-model.ts';

/** OUTBOX_RUNS is for `make torture`; the default keeps the suite within seconds. */
const RUNS = Number(processEnv()['OUTBOX_RUNS'] ?? 150);

const fault = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>('none') },
  { weight: 1, arbitrary: fc.constantFrom<Fault>('write', 'sync', 'full', 'folder', 'rename') },
);
const which = fc.nat(60);
const append = fc.record({
  do: fc.constant('append' as const),
  count: fc.integer({ min: 1, max: 5 }),
  size: fc.nat(120),
  fault,
});
const step: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: append },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), which, same: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      limit: fc.integer({ min: 1, max: 6 }),
      fresh: fc.boolean(),
      fate: fc.array(
        fc.constantFrom('settle' as const, 'settle' as const, 'bury' as const, 'release' as const),
        { minLength: 1, maxLength: 3 },
      ),
      fault,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('discard' as const, 'replay' as const, 'patch' as const),
      which,
      fault,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 100, 61_000) }),
  },
);
const restart: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('restart' as const),
  how: fc.constantFrom('crash' as const, 'crash' as const, 'kill' as const, 'close' as const),
  meanwhile: fc.array(step, { maxLength: 3 }),
  turns: fc.nat(25),
});
const actions = fc.array(fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: restart }), {
  maxLength: 25,
});

/** A small generator of its own, so that a run is repeated exactly from its seed. */
export const chanceFrom = (seed: number) => (): number => {
  seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
  return ((seed ^ (seed >>> 14)) >>> 0) / 0x1_0000_0000;
};

test('whatever is appended, settled, buried, replayed and crashed: every promise holds, in order, and the totals add up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), actions, async (seed, steps) => {
      const model = new OutboxModel(chanceFrom(seed));
      await model.start();
      for (const action of steps) await model.run(action);
      await model.run({ do: 'restart', how: 'crash', meanwhile: [], turns: 0 });
      await model.stop();
    }),
    { numRuns: RUNS },
  );
}, 600_000);
