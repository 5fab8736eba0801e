import { readFileSync } from 'node:fs';

/** Ids that a program has left in a file, one a line. */
export function readIds(file: string): Set<string> {
  return new Set(
    readFileSync(file, 'latin1')
      .split('\n')
      .filter((line) => line !== ''),
  );
}
