import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OBJECTIVES } from './objectives.ts';
import { objectivesPage } from './objectives-page.ts';
import { ruleFiles } from './rule-files.ts';

/**
 * Part of `npm run generate`: writes the rules of the objectives and their page.
 * @returns the paths that were written, under the root of the repository.
 */
export function writeRules(root: string): string[] {
  const files = ruleFiles(OBJECTIVES).set('docs/objectives.md', objectivesPage(OBJECTIVES));
  for (const [path, text] of files) writeFileSync(join(root, path), text);
  return [...files.keys()];
}
