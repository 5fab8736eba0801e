import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tempDir } from '@scholar/runtime/testing';
import { describeMachine } from '../command.ts';
import { judged } from '../goal.ts';
import { fillSections } from '../markdown.ts';
import { PROFILES, SEARCHES } from './questions.ts';
import { renderSections } from './render.ts';
import { runMatching } from './run.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/MATCHING.md', import.meta.url), 'utf8');

test('a run over a real PostgreSQL times every profile and search, and its page shows each with its plan', async () => {
  const folder = await tempDir('matching');
  await chmod(folder, 0o711);
  const sizes = { scholarships: 300, matches: 3, searches: 2 };
  const { postgres, ...measured } = await runMatching({ sizes, folder, say: () => {} });
  expect(measured.matches.map(({ name }) => name)).toEqual(Object.keys(PROFILES));
  expect(measured.searches).toHaveLength(2 * Object.keys(SEARCHES).length);
  expect(measured.plans).toHaveLength(2 * Object.keys(SEARCHES).length);
  for (const { plan } of measured.plans) expect(plan).toContain('Execution Time');
  const page = fillSections(
    DOCUMENT,
    renderSections({
      ...{ format: 1, at: '2026-01-01T00:00:00Z', machine: describeMachine('ext4') },
      ...{ versions: { PostgreSQL: postgres }, ...measured, loadAverage: 0, goals: judged(measured.goals) },
    }),
  );
  for (const name of [...Object.keys(PROFILES), ...Object.keys(SEARCHES)]) expect(page).toContain(name);
}, 120_000);

test('the page without a result says so in every place', () => {
  for (const section of Object.values(renderSections(undefined))) expect(section).toContain('No figures yet');
});
