import { readFileSync } from 'node:fs';

/** Id of each event of a window, and when it was due in milliseconds since 1970. */
export type DueTimes = { ids: string[]; dueMs: number[] };

/** What the client left of a job with `dueFile`. */
export function dueTimes(file: string): DueTimes {
  const lines = readFileSync(file, 'latin1').split('\n').filter(Boolean);
  const parts = lines.map((line) => line.split(' '));
  return { ids: parts.map(([id = '']) => id), dueMs: parts.map(([, ms]) => Number(ms)) };
}
