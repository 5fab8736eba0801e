import type { ResultHead } from '../command.ts';
import type { GoalResult } from '../goal.ts';
import type { Round } from './round.ts';

export type RecoveryResult = ResultHead & {
  plan: { rounds: number; seconds: number };
  rounds: readonly Round[];
  goals: Record<string, GoalResult>;
};
