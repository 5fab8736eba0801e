/** The module `k6/execution`, as far as our scripts use it. */
import { here } from '../context.ts';

const execution = {
  vu: {
    get idInInstance() {
      return here('exec.vu').vu.id;
    },
    get idInTest() {
      return here('exec.vu').vu.id;
    },
    get iterationInInstance() {
      return here('exec.vu').vu.iteration;
    },
    get iterationInScenario() {
      return here('exec.vu').vu.iterationInScenario;
    },
    metrics: {
      /** Tags that every later sample of this VU carries. */
      get tags() {
        return here('exec.vu').vu.tags;
      },
    },
  },
  scenario: {
    get name() {
      return current().name;
    },
    get executor() {
      return current().executor;
    },
    /** ms since the epoch */
    get startTime() {
      return Math.round(performance.timeOrigin + current().startedMs);
    },
    get progress() {
      const { startedMs, durationMs } = current();
      return Math.min(1, (performance.now() - startedMs) / durationMs);
    },
    get iterationInInstance() {
      return current().iterationInTest;
    },
    get iterationInTest() {
      return current().iterationInTest;
    },
  },
  instance: {
    get iterationsCompleted() {
      return here('exec.instance').run.completed;
    },
    get iterationsInterrupted() {
      return here('exec.instance').run.interrupted;
    },
    get vusActive() {
      return here('exec.instance').run.activeVus;
    },
    get vusInitialized() {
      return here('exec.instance').run.initializedVus;
    },
    /** ms */
    get currentTestRunDuration() {
      return performance.now() - here('exec.instance').run.startedMs;
    },
  },
  test: {
    /** Ends the run; exit code 108. @throws Error always, so that this iteration ends, too */
    abort(reason = ''): never {
      here('exec.test.abort').run.abort(reason);
      throw new Error(`the test was aborted: ${reason}`);
    },
  },
};

function current() {
  const { scenario: found } = here('exec.scenario');
  if (found === undefined) throw new Error('exec.scenario has nothing to tell in setup and teardown');
  return found;
}

export default execution;
export const { vu, scenario, instance, test } = execution;
