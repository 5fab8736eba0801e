import { digits } from './statistics.ts';

/** One figure against its bounds. */
export type Part = {
  what: string;
  value: number;
  /** Median absolute deviation over the kept passes, where there were several. */
  deviation?: number;
  unit: 'x' | 'ms' | 'MB' | 'us' | 'events' | '%' | 'lines';
  better: 'more' | 'less';
  floor?: number;
  goal: number;
  moonshot?: number;
  note?: string;
};

export type GoalResult = Part & { met: boolean };

export function isMet({ value, goal, better }: Part): boolean {
  return better === 'more' ? value >= goal : value <= goal;
}

/** The parts of goals as a result keeps them: with four digits, and whether they are met. */
export function judged(parts: Readonly<Record<string, Part>>): Record<string, GoalResult> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      const { deviation } = part;
      const rounded = deviation === undefined ? {} : { deviation: digits(deviation) };
      return [name, { ...part, value: digits(part.value), ...rounded, met: isMet(part) }];
    }),
  );
}
