import { systemClock } from '@scholar/runtime/clock';
import type { Run } from './context.ts';
import type { Plan } from './plan/options.ts';
import type { Iteration, Vu } from './vu.ts';

export interface ExecutorDeps {
  run: Run;
  plan: Plan;
  /** Options of the whole script. */
  tags: Readonly<Record<string, string>>;
  data: unknown;
  /** Makes one more VU. */
  vu: () => Promise<Vu>;
  signal: AbortSignal;
  complain: (error: unknown) => void;
}

/** A timer fires up to this much early or late; what is due by then starts now. ms */
const TICK_MS = 1;

/**
 * The open model: iterations start when their time has come, whatever the others do. Without a free VU one is dropped,
 * and one more VU is made in the meantime, up to maxVUs; as k6 does it.
 */
export class ArrivalRateExecutor {
  readonly #deps: ExecutorDeps;
  readonly #free: Vu[] = [];
  readonly #running = new Set<Promise<void>>();
  #vus = 0;
  #making = false;
  #started = 0;

  constructor(deps: ExecutorDeps) {
    this.#deps = deps;
  }

  /** Before the run begins, so that making them costs nobody time. */
  async allocate(): Promise<void> {
    const { plan, vu } = this.#deps;
    while (this.#vus < plan.options.preAllocatedVUs) {
      this.#vus += 1;
      this.#free.push(await vu());
    }
  }

  /** Resolves when the last iteration has ended, or its grace has. */
  async execute(): Promise<void> {
    const { plan, signal, run } = this.#deps;
    await systemClock.sleep(plan.options.startTime, signal);
    if (signal.aborted) return;
    const startedMs = performance.now();
    const scenario = {
      ...{ name: plan.name, executor: plan.options.executor },
      ...{ startedMs, durationMs: plan.durationMs },
    };
    for (const dueMs of plan.arrivals()) {
      const waitMs = startedMs + dueMs - performance.now();
      if (waitMs > TICK_MS) await systemClock.sleep(waitMs, signal);
      if (signal.aborted) break;
      this.#arrive({ ...scenario, iterationInTest: this.#started });
    }
    await systemClock.sleep(Math.max(0, startedMs + plan.durationMs - performance.now()), signal);
    const grace = AbortSignal.any([signal, AbortSignal.timeout(plan.options.gracefulStop)]);
    await Promise.race([
      Promise.all(this.#running),
      new Promise((ended) => grace.addEventListener('abort', ended)),
    ]);
    run.interrupted += this.#running.size;
  }

  #arrive(scenario: Iteration['scenario']): void {
    const { plan, run } = this.#deps;
    const vu = this.#free.shift();
    if (vu === undefined) {
      run.metrics.add('dropped_iterations', 1, { scenario: plan.name });
      void this.#makeOne();
      return;
    }
    this.#started += 1;
    const running = this.#iterate(vu, scenario);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #iterate(vu: Vu, scenario: Iteration['scenario']): Promise<void> {
    const { plan, run, data, tags, complain } = this.#deps;
    run.activeVus += 1;
    const all = { ...tags, ...plan.options.tags };
    await vu.iterate({ scenario, exec: plan.options.exec, tags: all, data: copyOf(data) }, complain);
    run.activeVus -= 1;
    run.completed += 1;
    this.#free.push(vu);
  }

  async #makeOne(): Promise<void> {
    const { plan, vu, complain } = this.#deps;
    if (this.#making || this.#vus >= plan.maxVus) return;
    this.#making = true;
    this.#vus += 1;
    try {
      this.#free.push(await vu());
    } catch (error) {
      complain(error);
    }
    this.#making = false;
  }
}

/** What setup answered, through JSON, so that no iteration can change it for another. */
const copyOf = (data: unknown): unknown =>
  data === undefined ? undefined : JSON.parse(JSON.stringify(data));
