import { createPeriodicTask, DAY_MS, type PeriodicTask } from '@scholar/runtime/background';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Budget } from './budget.ts';
import { forgetBefore } from './spending-store.ts';

const KEPT_DAYS = 7;
const LOOK_MS = 15_000;

/** Keeps the state of the budget fresh, whichever replica spends, and forgets days that are over. */
export function createBudgetUpkeep(
  deps: Pick<ServiceDeps, 'pool' | 'clock' | 'random' | 'log'> & { budget: Pick<Budget, 'look'> },
): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: 'the look at what the model has cost',
    meanwhile: 'the budget holds all the same',
    intervalMs: LOOK_MS,
    async run() {
      await deps.budget.look();
      const oldest = new Date(deps.clock.now() - KEPT_DAYS * DAY_MS).toISOString().slice(0, 10);
      await forgetBefore(deps.pool, oldest);
    },
  });
}
