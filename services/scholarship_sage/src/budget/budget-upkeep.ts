import { createPeriodicTask, HOUR_MS, type PeriodicTask } from '@scholar/runtime/background';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Budget } from './budget.ts';
import { forgetBefore } from './spending-store.ts';

const LOOK_MS = 15_000;

type UpkeepDeps = Pick<ServiceDeps, 'pool' | 'clock' | 'random' | 'log'>;

/** Keeps the state of the budget fresh, whichever replica spends. */
export function createBudgetLook(
  deps: Pick<UpkeepDeps, 'clock' | 'random' | 'log'> & { budget: Pick<Budget, 'look'> },
): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: 'the look at what the model has cost',
    meanwhile: 'the budget holds all the same',
    intervalMs: LOOK_MS,
    run: () => deps.budget.look(),
  });
}

/** Forgets who asked when the day (UTC) is over, whether or not there is still a model. */
export function createSpendingRetention(deps: UpkeepDeps): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: 'the removal of what the model cost on days that are over',
    meanwhile: 'it stays a little longer',
    intervalMs: HOUR_MS,
    run: () => forgetBefore(deps.pool, new Date(deps.clock.now()).toISOString().slice(0, 10)),
  });
}
