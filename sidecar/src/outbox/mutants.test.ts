import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MUTANTS } from './testing/mutants/mutants.ts';
import { mutated, tryMutant } from './testing/mutants/try-mutant.ts';

test.each(MUTANTS)('the mistake "$name" still fits the source', async (mutant) => {
  const source = await readFile(join(import.meta.dirname, mutant.file), 'utf8');
  expect(mutated(source, mutant)).not.toBe(source);
});

/** One that is found at once; `make torture` tries them all. */
const QUICK = 'a batch is acknowledged before it is synced';

test('the model finds a mistake that was made on purpose', async () => {
  const mutant = MUTANTS.find(({ name }) => name === QUICK);
  expect(await tryMutant(mutant, { seconds: 60, seed: 1 })).toMatchObject({ outcome: 'found' });
}, 120_000);
