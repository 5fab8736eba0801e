import fc from 'fast-check';

/** What happens to the next call of one kind. */
export type Fault =
  | 'none'
  | 'write'
  | 'sync'
  | 'full'
  | 'folder'
  | 'rename'
  | 'read'
  | 'open'
  | 'truncate'
  | 'unlink';

export type Action =
  | { do: 'append'; count: number; size: number; fault: Fault }
  | { do: 'again'; which: number; same: boolean }
  | {
      do: 'deliver';
      limit: number;
      fresh: boolean;
      fate: ('settle' | 'bury' | 'release' | 'keep')[];
      fault: Fault;
    }
  | { do: 'discard' | 'replay' | 'patch' | 'erase'; which: number; fault: Fault }
  | { do: 'wait'; ms: number }
  | Restart;

export interface Restart {
  do: 'restart';
  how: 'crash' | 'kill' | 'close';
  /** Begun, and not waited for when the end comes. */
  meanwhile: Action[];
  /** Turns of the event loop until it does. */
  turns: number;
  /** Starts that do not get to their end: each ends after so many turns, or by a fault of the disk. */
  falseStarts: { turns: number; how: 'crash' | 'kill'; fault: Fault }[];
}

const FAULTS = [
  'write',
  'sync',
  'full',
  'folder',
  'rename',
  'read',
  'open',
  'truncate',
  'unlink',
] as const satisfies Fault[];

const fault = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>('none') },
  { weight: 1, arbitrary: fc.constantFrom<Fault>(...FAULTS) },
);
const which = fc.nat(60);

const step: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 5 }),
      size: fc.nat(120),
      fault,
    }),
  },
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
      do: fc.constantFrom('discard' as const, 'replay' as const, 'patch' as const, 'erase' as const),
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
  falseStarts: fc.array(
    fc.record({ turns: fc.nat(60), how: fc.constantFrom('crash' as const, 'kill' as const), fault }),
    { maxLength: 2 },
  ),
});

/** A life of an outbox: steps, and every fifth a restart. `size: max` lets it be long as often as short. */
export const lives: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: restart }),
  { maxLength: 40, size: 'max' },
);

/** A small generator of its own, so that a run is repeated exactly from its seed. */
export const chanceFrom = (seed: number) => (): number => {
  seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
  return ((seed ^ (seed >>> 14)) >>> 0) / 0x1_0000_0000;
};
