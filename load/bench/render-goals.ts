import type { GoalResult } from './goal.ts';
import { figure, percentOf, table } from './markdown.ts';

/** Every goal with its bounds, its verdict and its note. */
export function goalsTable(all: Readonly<Record<string, GoalResult>>): string {
  const rows = Object.entries(all).map(([name, part]) => [
    `**${name}** ${part.what}`,
    `${figure(part.value)} ${part.unit}${part.deviation === undefined ? '' : ` ± ${figure(part.deviation)}`}`,
    bound(part, part.floor),
    bound(part, part.goal),
    bound(part, part.moonshot),
    verdict(part),
  ]);
  const notes = Object.entries(all).flatMap(([name, { note }]) =>
    note === undefined ? [] : [`- ${name}: ${note}.`],
  );
  return `${table(['what', 'measured', 'floor', 'goal', 'best hoped for', 'verdict'], rows)}\n\n${notes.join('\n')}`;
}

function bound({ better }: GoalResult, value: number | undefined): string {
  return value === undefined ? '–' : `${better === 'more' ? '≥' : '≤'} ${figure(value)}`;
}

/** Pure. A missed goal says by how much. */
export function verdict({ met, value, goal, better }: GoalResult): string {
  if (met) return 'met';
  if (goal === 0) return `**missed** by ${figure(value)}`;
  const off = better === 'more' ? 1 - value / goal : value / goal - 1;
  return `**missed** by ${percentOf(off)}`;
}
