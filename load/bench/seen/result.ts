import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ResultHead } from '../command.ts';
import type { GoalResult } from '../goal.ts';
import type { IdleResult } from '../idle/result.ts';
import type { Pair } from './passes.ts';
import type { SubjectName } from './round.ts';
import type { Sizes } from './run.ts';

export type ScrapeResult = ResultHead & {
  plan: Sizes & { kept: number; thrownAway: number; moved: number; seconds: number };
  passes: readonly Record<SubjectName, Pair>[];
  goals: Record<string, GoalResult>;
};

/** load/bench/results/seen.json: each part from its own command. */
export type SeenResult = { scrape?: ScrapeResult; idle?: IdleResult };

const FILE = join(import.meta.dirname, '..', 'results', 'seen.json');

/** Writes a part anew and leaves the other as it is. */
export function saveSeen(part: SeenResult): void {
  const before = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as SeenResult) : {};
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...before, ...part }, undefined, 2)}\n`);
}
