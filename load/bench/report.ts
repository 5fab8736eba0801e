import type { GoalResult } from './goal.ts';
import { percentOf } from './markdown.ts';
import { digits } from './statistics.ts';
import type { Kept } from './steady.ts';

/** One line a goal, for the person who waits. */
export function reportGoals(goals: Readonly<Record<string, GoalResult>>, say: (text: string) => void): void {
  for (const [name, { value, deviation, unit, goal, met, what }] of Object.entries(goals)) {
    const spread = deviation === undefined ? '' : ` ± ${deviation}`;
    say(`${met ? 'met   ' : 'MISSED'} ${name} ${value}${spread} ${unit} (goal ${digits(goal)}): ${what}`);
  }
}

export function reportKept({ kept, thrownAway, moved }: Kept<unknown>, say: (text: string) => void): void {
  say(`${kept.length} passes kept, ${thrownAway} thrown away; the machine moved by ${percentOf(moved)}`);
}
