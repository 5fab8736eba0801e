import { readFile, writeFile } from 'node:fs/promises';
import { createTestDatabase } from '@scholar/runtime/testing';
import { withFigures } from './measure.ts';
import { runEval } from './run-eval.ts';

const README = new URL('../../../README.md', import.meta.url);
const database = await createTestDatabase({ migrations: new URL('../../../migrations/', import.meta.url) });
try {
  const { wrong, ...figures } = await runEval(database.pool);
  for (const [name, { hit, of }] of Object.entries(figures))
    process.stdout.write(`${name}: ${(hit / of).toFixed(2)} (${hit} of ${of})\n`);
  for (const { question, sources, given } of wrong)
    process.stdout.write(`wrong: ${question} wanted ${sources.join(' or ')}; given ${given.join(', ')}\n`);
  await writeFile(README, withFigures(await readFile(README, 'utf8'), { wrong, ...figures }));
} finally {
  await database.drop();
}
