import { readFile } from 'node:fs/promises';
import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import { CATALOGUE } from '../testing/eval/catalogue.ts';
import { figuresOf, withFigures } from '../testing/eval/measure.ts';
import { QUESTIONS } from '../testing/eval/questions.ts';
import { runEval } from '../testing/eval/run-eval.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrations: new URL('../../migrations/', import.meta.url) });
});
afterAll(() => database.drop());

test('a figure is what it says: hits, first places, and "I do not know" from both sides', () => {
  const results = [
    { question: 'a', sources: ['x'], given: ['y', 'x'] },
    { question: 'b', sources: ['x', 'z'], given: ['z'] },
    { question: 'c', sources: ['x'], given: [] },
    { question: 'd', sources: ['x'], given: ['1', '2', '3', 'x'] },
    { question: 'e', sources: [], given: [] },
    { question: 'f', sources: [], given: ['x'] },
  ];
  expect(figuresOf(results)).toEqual({
    recallAt3: { hit: 2, of: 4 },
    first: { hit: 1, of: 4 },
    unknownPrecision: { hit: 1, of: 2 },
    unknownRecall: { hit: 1, of: 2 },
    wrong: [results[2], results[3], results[5]],
  });
});

test('each source that a question wants is there to be found', async () => {
  await runEval(database.pool);
  const { rows } = await database.pool.query<{ id: string }>('SELECT passage_id AS id FROM passages');
  const ids = new Set(rows.map(({ id }) => id));
  expect(QUESTIONS.flatMap(({ sources }) => sources).filter((id) => !ids.has(id))).toEqual([]);
  expect(CATALOGUE.length).toBeGreaterThan(10);
});

test('the figures of the README are those of today (make sage-eval writes them), and none of them is poor', async () => {
  const figures = await runEval(database.pool);
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(withFigures(readme, figures)).toBe(readme);
  const share = ({ hit, of }: { hit: number; of: number }) => hit / of;
  expect(share(figures.recallAt3)).toBeGreaterThan(0.85);
  expect(share(figures.unknownPrecision)).toBeGreaterThan(0.7);
});
