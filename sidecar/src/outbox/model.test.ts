import { exploreLives } from './testing/model/explore.ts';

/** The same lives each time, within seconds; `make torture` tries new ones for as long as it is told. */
const LIVES = { lives: 300, seed: 1 };

test('whatever is appended, settled, buried, replayed and crashed: every promise holds, in order, and the totals add up', async () => {
  await exploreLives(LIVES);
}, 600_000);
