import { exploreLives } from './testing/model/explore.ts';

/** `make torture` runs hundreds of thousands; these keep the suite within seconds. */
const LIVES = 300;

test('whatever is appended, settled, buried, replayed and crashed: every promise holds, in order, and the totals add up', async () => {
  await exploreLives({ lives: LIVES });
}, 600_000);
