import fc from 'fast-check';
import { chanceFrom, lives } from './actions.ts';
import { OutboxModel } from './outbox-model.ts';

export interface Exploration {
  lives: number;
  /** Where fast-check begins; told when something fails, so that it can be repeated. */
  seed?: number;
  /** Ends earlier when the time is up, ms. */
  timeMs?: number;
}

/**
 * Runs so many lives of an outbox, each to a last power cut, and checks every promise on the way.
 * @returns how many were run. @throws Error with the shortest life that breaks a promise, and the seed that finds it again
 */
export async function exploreLives({ lives: numRuns, seed, timeMs }: Exploration): Promise<number> {
  let ran = 0;
  const property = fc.asyncProperty(fc.integer(), fc.boolean(), lives, async (luck, tight, actions) => {
    ran += 1;
    const model = new OutboxModel({ chance: chanceFrom(luck), tight });
    await model.start();
    for (const action of actions) await model.run(action);
    const end = { do: 'restart', how: 'crash', meanwhile: [], turns: 0, falseStarts: [] } as const;
    await model.run({ ...end, meanwhile: [], falseStarts: [] });
    await model.stop();
  });
  await fc.assert(property, {
    numRuns,
    ...(seed === undefined ? {} : { seed }),
    ...(timeMs === undefined ? {} : { interruptAfterTimeLimit: timeMs }),
  });
  return ran;
}
