import { quantileOfSorted } from '../statistics.ts';

/** A number in [0, 1); the same seed gives the same numbers on every machine. */
export type Random = () => number;

/** Mulberry32: 32 bits of state are plenty for some million draws. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws from what was measured: any value between two neighbouring samples, as often as they occurred. */
export function createDraw(samples: readonly number[], random: Random): () => number {
  if (samples.length === 0) throw new Error('a distribution needs at least one sample');
  const sorted = samples.toSorted((a, b) => a - b);
  return () => quantileOfSorted(sorted, random());
}
