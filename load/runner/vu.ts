import { at, type Place, type Run } from './context.ts';
import type { Tags } from './metrics/registry.ts';
import { loadScript, type Script, type ScriptFunction } from './script.ts';

/** Where an iteration comes from. */
export interface Iteration {
  scenario: NonNullable<Place['scenario']>;
  exec: string;
  tags: Tags;
  data: unknown;
}

export type Outcome = 'completed' | 'failed';

/** A virtual user: its own copy of the script, and one iteration at a time. */
export class Vu {
  readonly id: number;
  readonly #run: Run;
  readonly #script: Script;
  readonly #tags: Record<string, string> = {};
  #iteration = 0;
  #inScenario = 0;

  private constructor(run: Run, id: number, script: Script) {
    this.id = id;
    this.#run = run;
    this.#script = script;
  }

  static async create(run: Run, path: string, id: number): Promise<Vu> {
    const vu = new Vu(run, id, await loadScript(run, path, id));
    run.initializedVus += 1;
    return vu;
  }

  /** An exception of the script ends the iteration and is told; the run goes on, as in k6. Never throws. */
  async iterate(
    { scenario, exec, tags, data }: Iteration,
    complain: (error: unknown) => void,
  ): Promise<Outcome> {
    const run = this.#run;
    const vu = {
      id: this.id,
      iteration: this.#iteration,
      iterationInScenario: this.#inScenario,
      tags: this.#tags,
    };
    const place: Place = { run, vu, scenario, tags, group: '', pending: new Set() };
    this.#iteration += 1;
    this.#inScenario += 1;
    const startMs = performance.now();
    let outcome: Outcome = 'completed';
    try {
      await at(place, () => (this.#script[exec] as ScriptFunction)(data));
    } catch (error) {
      outcome = 'failed';
      complain(error);
    }
    while (place.pending.size > 0) await Promise.all(place.pending);
    const all = { ...tags, scenario: scenario.name, group: '' };
    run.metrics.add('iteration_duration', performance.now() - startMs, all);
    run.metrics.add('iterations', 1, all);
    return outcome;
  }
}
