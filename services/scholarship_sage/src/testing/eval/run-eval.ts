import { inTransaction } from '@scholar/runtime/db';
import type { Pool } from 'pg';
import { toPassages } from '../../catalogue/to-passages.ts';
import { loadGuide } from '../../guide/load-guide.ts';
import { replacePassages } from '../../passages/passage-store.ts';
import { createRetrieve } from '../../retrieval/retrieve.ts';
import { supportFor } from '../../retrieval/support.ts';
import { CATALOGUE } from './catalogue.ts';
import { type EvalFigures, type EvalResult, figuresOf } from './measure.ts';
import { QUESTIONS } from './questions.ts';

/** Asks every question of the evaluation over the guide and its catalogue, in a database that has the passages' table. */
export async function runEval(pool: Pool): Promise<EvalFigures> {
  const guide = await loadGuide();
  await inTransaction(pool, async (tx) => {
    await replacePassages(tx, 'guide', guide);
    await replacePassages(tx, 'scholarship', toPassages(CATALOGUE));
  });
  const retrieve = createRetrieve(pool);
  const results: EvalResult[] = [];
  for (const asked of QUESTIONS) {
    const given = supportFor(await retrieve(asked.question)).map(({ id }) => id);
    results.push({ ...asked, given });
  }
  return figuresOf(results);
}
