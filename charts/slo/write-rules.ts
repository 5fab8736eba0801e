import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OBJECTIVES } from './objectives.ts';
import { ruleFiles } from './rule-files.ts';

/**
 * Part of `npm run generate`: writes the rules of the objectives.
 * @returns the paths that were written, under the root of the repository.
 */
export function writeRules(root: string): string[] {
  const files = ruleFiles(OBJECTIVES);
  for (const [path, text] of files) writeFileSync(join(root, path), text);
  return [...files.keys()];
}
